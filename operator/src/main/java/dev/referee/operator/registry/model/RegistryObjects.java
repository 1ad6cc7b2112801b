package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// All that an OciRegistry becomes, but for its main Service and its certificates, which come
/// before.
public final class RegistryObjects {
  /// The port by which images name a registry.
  public static final int PORT = RegistryCommandLine.PORT;

  private RegistryObjects() {}

  /// The objects in the order in which they are applied: the workload last, so that what its pods
  /// mount is there.
  public static List<HasMetadata> of(
      RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    var objects = new ArrayList<HasMetadata>();
    objects.add(serviceAccount(names));
    objects.add(configMap(names, names.access(), RegistryAccessFile.of(names, spec, inputs)));
    if (!inputs.caBundle().isEmpty()) {
      objects.add(configMap(names, names.authorityBundle(), Map.of("ca.crt", inputs.caBundle())));
    }
    objects.addAll(RegistryServices.others(names, spec));
    objects.add(RegistryBounds.networkPolicy(names, spec));
    objects.add(RegistryBounds.disruptionBudget(names));
    objects.add(RegistryWorkload.of(names, spec, inputs));
    return objects;
  }

  /// It has no rights: its pods have no reason to speak to the API server.
  private static HasMetadata serviceAccount(RegistryNames names) {
    return new ServiceAccountBuilder()
        .withMetadata(names.meta(names.name()))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  private static HasMetadata configMap(RegistryNames names, String name, Map<String, String> data) {
    return new ConfigMapBuilder().withMetadata(names.meta(name)).withData(data).build();
  }
}
