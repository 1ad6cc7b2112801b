package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.List;

/// Under which names and ports a registry is reached.
public final class RegistryServices {
  private RegistryServices() {}

  /// The Service that images name. It comes before all else: its address is in the certificate.
  public static Service main(RegistryNames names) {
    return new ServiceBuilder()
        .withMetadata(names.meta(names.name()))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(names.selector())
        .withPorts(port().build())
        .endSpec()
        .build();
  }

  /// All others.
  static List<HasMetadata> others(RegistryNames names, OciRegistrySpec spec) {
    var services = new ArrayList<HasMetadata>();
    if (spec.storage().persistentVolume() != null) {
      services.add(headless(names));
    }
    if (spec.nodePort() != null) {
      services.add(nodes(names, spec.nodePort()));
    }
    return services;
  }

  private static Service headless(RegistryNames names) {
    return new ServiceBuilder()
        .withMetadata(names.meta(names.headless()))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(names.selector())
        .withPorts(port().build())
        .endSpec()
        .build();
  }

  private static Service nodes(RegistryNames names, int nodePort) {
    return new ServiceBuilder()
        .withMetadata(names.meta(names.nodes()))
        .withNewSpec()
        .withType("NodePort")
        .withSelector(names.selector())
        .withPorts(port().withNodePort(nodePort).build())
        .endSpec()
        .build();
  }

  private static ServicePortBuilder port() {
    return new ServicePortBuilder(
        new ServicePort(
            null,
            RegistryPod.PORT_NAME,
            null,
            RegistryCommandLine.PORT,
            "TCP",
            new IntOrString(RegistryPod.PORT_NAME)));
  }
}
