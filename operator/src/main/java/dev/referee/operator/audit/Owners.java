package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.audit.RunningPod.Controller;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the workload that a pod belongs to. A controller is asked for once: who controls it never
/// changes.
final class Owners implements AuditRounds.PodOwners {
  private static final Logger LOG = LoggerFactory.getLogger(Owners.class);
  private static final int FORBIDDEN = 403;

  /// Controllers that others make: a ReplicaSet of a Deployment, a Job of a CronJob.
  private static final Map<String, ResourceDefinitionContext> BETWEEN =
      Map.of(
          "apps/v1 ReplicaSet", context("apps", "ReplicaSet", "replicasets"),
          "batch/v1 Job", context("batch", "Job", "jobs"));

  private final KubernetesClient client;
  private final Map<String, Workload> known = new ConcurrentHashMap<>();

  Owners(KubernetesClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  /// The workload of a pod.
  ///
  /// @throws KubernetesClientException when the API server cannot be asked now
  @Override
  public Workload of(RunningPod pod) {
    var controller = pod.controller();
    if (controller == null) {
      return pod.asWorkload();
    }
    var between = BETWEEN.get(controller.apiVersion() + " " + controller.kind());
    if (between == null) {
      return controller.in(pod.namespace());
    }
    var found = known.get(controller.uid());
    if (found == null) {
      found = ask(between, pod.namespace(), controller);
      known.put(controller.uid(), found);
    }
    return found;
  }

  /// Forgets all but these.
  ///
  /// @param controllers uids
  @Override
  public void retain(Set<String> controllers) {
    known.keySet().retainAll(controllers);
  }

  private Workload ask(ResourceDefinitionContext between, String namespace, Controller controller) {
    try {
      return Optional.ofNullable(
              client
                  .genericKubernetesResources(between)
                  .inNamespace(namespace)
                  .withName(controller.name())
                  .get())
          .filter(found -> controller.uid().equals(found.getMetadata().getUid()))
          .flatMap(found -> PodReader.controller(found.getMetadata()))
          .orElse(controller)
          .in(namespace);
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      LOG.warn(
          "{} {}/{} may not be read, so that it is taken for a workload of its own",
          controller.kind(),
          namespace,
          controller.name());
      return controller.in(namespace);
    }
  }

  private static ResourceDefinitionContext context(String group, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
