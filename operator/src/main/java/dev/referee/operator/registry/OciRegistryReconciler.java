package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;

/// Makes the cluster what an OciRegistry says, and its status what the cluster says.
///
/// What it makes is watched, so that whatever somebody changes or deletes is put right at once;
/// Secrets are not, which would take the right to list them all: they are looked at from time to
/// time.
final class OciRegistryReconciler implements Reconciler<OciRegistryResource> {
  private static final List<Class<? extends HasMetadata>> WATCHED =
      List.of(
          ConfigMap.class,
          Deployment.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          Service.class,
          ServiceAccount.class,
          StatefulSet.class);

  private static final String OURS = RegistryNames.MANAGED_BY + "=" + RegistryNames.OPERATOR;

  private final OciRegistriesConfig config;
  private final RegistrySteps steps;
  private final RegistryStatuses statuses;
  private final KubernetesSerialization serialization;

  OciRegistryReconciler(KubernetesClient client, OciRegistriesConfig config, Clock clock) {
    this.config = requireNonNull(config, "config is null");
    this.steps = new RegistrySteps(client, config, clock);
    this.statuses = new RegistryStatuses(clock);
    this.serialization = client.getKubernetesSerialization();
  }

  @Override
  public List<EventSource<?, OciRegistryResource>> prepareEventSources(
      EventSourceContext<OciRegistryResource> context) {
    return WATCHED.stream()
        .<EventSource<?, OciRegistryResource>>map(type -> watch(type, context))
        .toList();
  }

  private static <T extends HasMetadata> InformerEventSource<T, OciRegistryResource> watch(
      Class<T> type, EventSourceContext<OciRegistryResource> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, OciRegistryResource.class)
            .withName("registry-" + type.getSimpleName())
            .withLabelSelector(OURS)
            .withSecondaryToPrimaryMapper(Mappers.fromOwnerReferences(OciRegistryResource.class))
            .build(),
        context);
  }

  @Override
  public UpdateControl<OciRegistryResource> reconcile(
      OciRegistryResource resource, Context<OciRegistryResource> context) {
    // What it owns goes with it; putting that back would be a quarrel with the garbage collector.
    if (resource.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    var metadata = resource.getMetadata();
    var status = statuses.of(find(resource), metadata.getGeneration(), resource.getStatus());
    if (status.equals(resource.getStatus())) {
      return UpdateControl.<OciRegistryResource>noUpdate().rescheduleAfter(config.interval());
    }
    // Server-side apply owns all that it is sent: nothing but the status may be in there.
    var patch = new OciRegistryResource();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .build());
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch).rescheduleAfter(config.interval());
  }

  private RegistryFinding find(OciRegistryResource resource) {
    try {
      return steps.run(resource.getMetadata(), read(resource));
    } catch (UnsatisfiedException e) {
      return steps.kept(resource.getMetadata(), e);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      // Said in the status and looked at again: a role that is bound later is no event of ours.
      return steps.kept(resource.getMetadata(), forbidden(resource.getMetadata(), e));
    }
  }

  private static UnsatisfiedException forbidden(ObjectMeta metadata, KubernetesClientException e) {
    var words = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return new UnsatisfiedException(
        RegistryReason.REFUSED,
        "bind the ClusterRole referee-registry-writer to the operator in namespace %s: %s"
            .formatted(metadata.getNamespace(), words));
  }

  private OciRegistrySpec read(OciRegistryResource resource) throws UnsatisfiedException {
    var tree = serialization.convertValue(resource, JsonNode.class);
    try {
      if (ResourceReader.read(tree) instanceof Resource.OciRegistry registry) {
        return registry.spec();
      }
    } catch (InvalidResourceException e) {
      throw new UnsatisfiedException(e.reason().toString(), String.valueOf(e.getMessage()));
    }
    throw new IllegalStateException("the API server delivered an object of another kind");
  }
}
