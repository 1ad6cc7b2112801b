package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.PolicyStatus.WouldDeny;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReportKind;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.operator.cluster.Events;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says it in the status of our own objects, by server-side apply under a field manager of its own:
/// whoever writes the rest of a status does not touch these fields, and is not touched.
final class ClusterAuditStatus implements AuditStatus {
  /// Type of the condition of the RefereeConfiguration.
  static final String CONDITION = "AuditReports";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterAuditStatus.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(ClusterReports.FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Events events;
  private final InstantSource clock;

  ClusterAuditStatus(KubernetesClient client, Events events, InstantSource clock) {
    this.client = requireNonNull(client, "client is null");
    this.events = requireNonNull(events, "events is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public void wouldDeny(ResourceId policy, WouldDeny summary) {
    apply(policy, status -> status.set("wouldDeny", JSON.valueToTree(summary)));
  }

  @Override
  public void reports(ReportKind wanted, Optional<ReportFormat> found) {
    if (wanted == ReportKind.NONE) {
      say("False", "NotWanted", "the configuration asks for no reports");
    } else if (found.isPresent()) {
      say("True", found.get().kind(), "reports are written as " + found.get().apiVersion());
    } else {
      var message =
          "reports are not kept: install the definitions of %s, and they are"
              .formatted(
                  wanted == ReportKind.AUTO
                      ? "openreports.io or wgpolicyk8s.io"
                      : wanted.toString());
      LOG.warn("{}", message);
      events.tell(configuration(), Events.Type.WARNING, "NotInstalled", message);
      say("False", "NotInstalled", message);
    }
  }

  private void say(String status, String reason, String message) {
    var configuration =
        ResourceId.clusterWide(ResourceKind.REFEREE_CONFIGURATION, RefereeConfigurationSpec.NAME);
    apply(
        configuration,
        node ->
            node.putArray("conditions")
                .addObject()
                .put("type", CONDITION)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", now()));
  }

  private static ObjectReference configuration() {
    return new ObjectReferenceBuilder()
        .withApiVersion(ResourceKind.API_VERSION)
        .withKind(ResourceKind.REFEREE_CONFIGURATION.kind())
        .withName(RefereeConfigurationSpec.NAME)
        .build();
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private interface Content {
    void addTo(ObjectNode status);
  }

  private void apply(ResourceId id, Content content) {
    var kind = id.kind();
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("apiVersion", ResourceKind.API_VERSION).put("kind", kind.kind());
    var metadata = tree.putObject("metadata").put("name", id.name());
    if (id.namespace() != null) {
      metadata.put("namespace", id.namespace());
    }
    content.addTo(tree.putObject("status"));
    var object = JSON.convertValue(tree, GenericKubernetesResource.class);
    var resources = client.genericKubernetesResources(context(kind));
    try {
      (id.namespace() == null
              ? resources.resource(object)
              : resources.inNamespace(id.namespace()).resource(object))
          .subresource("status")
          .patch(APPLY);
    } catch (KubernetesClientException e) {
      // It went in the meantime, or was never there: nobody asks for its status.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static ResourceDefinitionContext context(ResourceKind kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(ResourceKind.GROUP)
        .withVersion(ResourceKind.VERSION)
        .withKind(kind.kind())
        .withPlural(kind.plural())
        .withNamespaced(kind.namespaced())
        .build();
  }
}
