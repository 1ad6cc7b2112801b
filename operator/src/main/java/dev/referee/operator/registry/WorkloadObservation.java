package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Looks at what has become of a registry's workload.
final class WorkloadObservation {
  private final KubernetesClient client;
  private final RegistryNames names;

  WorkloadObservation(KubernetesClient client, RegistryNames names) {
    this.client = requireNonNull(client, "client is null");
    this.names = requireNonNull(names, "names is null");
  }

  /// What is found of a registry whose objects are as they should be.
  ///
  /// @param address host and port at which the operator asks it
  RegistryFinding finding(OciRegistrySpec spec, String endpoint, String address, String caBundle) {
    int ready = readyReplicas();
    var answer = ready > 0 ? RegistryAnswer.of(address, caBundle) : null;
    var bundle = caBundle.isEmpty() ? null : caBundle;
    if (ready >= spec.replicas()) {
      return new RegistryFinding(
          true,
          RegistryReason.READY.toString(),
          "%d of %d pods serve at %s".formatted(ready, spec.replicas(), endpoint),
          endpoint,
          bundle,
          ready,
          answer);
    }
    var trouble = trouble(spec, ready);
    // Fewer than wanted still serve: what is amiss is told, but who pulls is not kept away.
    return new RegistryFinding(
        ready > 0, trouble.reason(), trouble.message(), endpoint, bundle, ready, answer);
  }

  /// What is found of a registry that could not be made as it should be.
  RegistryFinding kept(UnsatisfiedException why, String endpoint) {
    var bundle =
        client.configMaps().inNamespace(names.namespace()).withName(names.authorityBundle()).get();
    int ready = names.isUsable() ? readyReplicas() : 0;
    return new RegistryFinding(
        false,
        why.reason(),
        String.valueOf(why.getMessage()),
        ready > 0 ? endpoint : null,
        ready > 0 ? content(bundle) : null,
        ready,
        null);
  }

  private @Nullable String content(@Nullable ConfigMap bundle) {
    return bundle != null && new OwnedObjects(client, names).isOurs(bundle)
        ? bundle.getData().get("ca.crt")
        : null;
  }

  private int readyReplicas() {
    var set =
        client.apps().statefulSets().inNamespace(names.namespace()).withName(names.name()).get();
    if (set != null && isOurs(set.getMetadata().getOwnerReferences())) {
      return set.getStatus() == null ? 0 : or0(set.getStatus().getReadyReplicas());
    }
    var deployment =
        client.apps().deployments().inNamespace(names.namespace()).withName(names.name()).get();
    return deployment == null
            || !isOurs(deployment.getMetadata().getOwnerReferences())
            || deployment.getStatus() == null
        ? 0
        : or0(deployment.getStatus().getReadyReplicas());
  }

  private boolean isOurs(List<io.fabric8.kubernetes.api.model.OwnerReference> owners) {
    return owners.stream().anyMatch(owner -> owner.getUid().equals(names.uid()));
  }

  private PodTrouble trouble(OciRegistrySpec spec, int ready) {
    if (spec.storage().persistentVolume() != null) {
      var pending = new VolumeClaim(client, names).pending();
      if (!pending.isEmpty()) {
        return new PodTrouble(RegistryReason.VOLUME_CLAIM_PENDING.toString(), pending);
      }
    }
    List<Pod> pods =
        client.pods().inNamespace(names.namespace()).withLabels(names.selector()).list().getItems();
    return PodTrouble.of(pods)
        .orElseGet(
            () ->
                new PodTrouble(
                    RegistryReason.PODS_NOT_READY.toString(),
                    "%d of %d pods serve; %s"
                        .formatted(
                            ready,
                            spec.replicas(),
                            pods.isEmpty()
                                ? "none was made yet, the events of the workload say why"
                                : "the others start")));
  }

  private static int or0(@Nullable Integer value) {
    return Objects.requireNonNullElse(value, 0);
  }
}
