package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.OciRegistrySpec.PersistentVolume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/// What keeps the pods running: a StatefulSet with a claim where a volume is the store, a
/// Deployment where a bucket is.
final class RegistryWorkload {
  private static final int HISTORY = 3;

  private RegistryWorkload() {}

  static HasMetadata of(RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    var volume = spec.storage().persistentVolume();
    return volume == null
        ? deployment(names, spec, inputs)
        : statefulSet(names, spec, inputs, volume);
  }

  private static HasMetadata statefulSet(
      RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs, PersistentVolume volume) {
    return new StatefulSetBuilder()
        .withMetadata(names.meta(names.name()))
        .withNewSpec()
        .withServiceName(names.headless())
        .withReplicas(spec.replicas())
        .withRevisionHistoryLimit(HISTORY)
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        // Whoever deletes a registry by mistake still has what it kept.
        .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
        .withTemplate(new RegistryPod(names, spec, inputs).template())
        .withVolumeClaimTemplates(claim(names, inputs, volume))
        .endSpec()
        .build();
  }

  /// Nothing of a claim template can be changed: it keeps the size that it was made with, and the
  /// claim itself grows.
  private static PersistentVolumeClaim claim(
      RegistryNames names, RegistryInputs inputs, PersistentVolume volume) {
    var size = inputs.claimSize().isEmpty() ? volume.size() : inputs.claimSize();
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(RegistryPod.DATA)
        .withLabels(names.selector())
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(volume.storageClassName())
        .withNewResources()
        .withRequests(Map.of("storage", new Quantity(size)))
        .endResources()
        .endSpec()
        .build();
  }

  private static HasMetadata deployment(
      RegistryNames names, OciRegistrySpec spec, RegistryInputs inputs) {
    return new DeploymentBuilder()
        .withMetadata(names.meta(names.name()))
        .withNewSpec()
        .withReplicas(spec.replicas())
        .withRevisionHistoryLimit(HISTORY)
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(1))
        .withMaxUnavailable(new IntOrString(0))
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(new RegistryPod(names, spec, inputs).template())
        .endSpec()
        .build();
  }
}
