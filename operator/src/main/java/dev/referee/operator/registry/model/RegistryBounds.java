package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What holds the pods of a registry within bounds: whom they may speak to, and how many may go at
/// once.
final class RegistryBounds {
  private static final int DNS = 53;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private RegistryBounds() {}

  /// Everybody may ask on its one port: nodes have no labels to select, and who may do what is
  /// decided by its access list. It asks names, its bucket, what it mirrors and the sink of its
  /// events, and nobody else.
  static HasMetadata networkPolicy(RegistryNames names, OciRegistrySpec spec) {
    return new NetworkPolicyBuilder()
        .withMetadata(names.meta(names.name()))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(names.selector())
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .addNewIngress()
        .withPorts(port("TCP", RegistryCommandLine.PORT))
        .endIngress()
        .withEgress(egress(spec))
        .endSpec()
        .build();
  }

  private static List<NetworkPolicyEgressRule> egress(OciRegistrySpec spec) {
    var numbers = new TreeSet<Integer>();
    var s3 = spec.storage().s3();
    if (s3 != null) {
      numbers.add(s3.endpoint() == null ? HTTPS : port(URI.create(s3.endpoint())));
    }
    for (var mirror : spec.mirrors()) {
      // Tokens and blobs come from other hosts than the registry, on the port of the web.
      numbers.add(HTTPS);
      numbers.add(port(URI.create((mirror.plainHTTP() ? "http://" : "https://") + mirror.host())));
    }
    if (spec.events() != null) {
      numbers.add(spec.events().port());
    }
    if (numbers.isEmpty()) {
      return List.of();
    }
    var ports = new ArrayList<NetworkPolicyPort>();
    ports.add(port("UDP", DNS));
    ports.add(port("TCP", DNS));
    numbers.forEach(number -> ports.add(port("TCP", number)));
    return List.of(new NetworkPolicyEgressRuleBuilder().withPorts(ports).build());
  }

  private static int port(URI endpoint) {
    if (endpoint.getPort() > 0) {
      return endpoint.getPort();
    }
    return "http".equals(endpoint.getScheme()) ? HTTP : HTTPS;
  }

  private static NetworkPolicyPort port(String protocol, int port) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(port))
        .build();
  }

  /// One at a time. A single pod may go too: a node must be able to be drained.
  static HasMetadata disruptionBudget(RegistryNames names) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(names.meta(names.name()))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        .endSpec()
        .build();
  }
}
