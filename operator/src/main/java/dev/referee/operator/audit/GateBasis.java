package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.AuditSpec;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.gate.ClusterGate;
import dev.referee.verify.policy.Policy;
import java.util.Collection;
import java.util.Map;

/// What a gate judges by.
final class GateBasis implements Basis {
  private final ClusterGate gate;
  private final String ownNamespace;

  GateBasis(ClusterGate gate, String ownNamespace) {
    this.gate = requireNonNull(gate, "gate is null");
    this.ownNamespace = requireNonNull(ownNamespace, "ownNamespace is null");
  }

  @Override
  public boolean isReady() {
    return gate.gate().isReady();
  }

  @Override
  public String fingerprint() {
    return gate.policies().fingerprint();
  }

  @Override
  public String namespace(String namespace) {
    return gate.namespaces().labels(namespace).map(Hashes::sorted).orElse("unknown");
  }

  @Override
  public boolean isExcluded(String namespace) {
    var configuration = gate.gate().configuration();
    var bypass = configuration.bypassLabel();
    return namespace.equals(ownNamespace)
        || configuration.excludedNamespaces().contains(namespace)
        || (bypass != null
            && gate.namespaces().labels(namespace).orElse(Map.of()).containsKey(bypass));
  }

  @Override
  public AuditSpec audit() {
    return gate.gate().configuration().audit();
  }

  @Override
  public Collection<ResourceId> policies() {
    return gate.policies().current().policies().stream().map(Policy::id).toList();
  }
}
