package dev.referee.operator.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to the API server.
public final class ClusterWrites implements Writes {
  /// Under this name the API server knows which fields are ours.
  public static final String FIELD_MANAGER = "referee-operator";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWrites.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private final KubernetesClient client;

  public ClusterWrites(KubernetesClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  @Override
  public <T extends HasMetadata> void store(T object) {
    if (object.getMetadata().getResourceVersion() == null) {
      client.resource(object).create();
    } else {
      client.resource(object).update();
    }
  }

  @Override
  public <T extends HasMetadata> T apply(T object) {
    return client.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  @Override
  public <T extends HasMetadata> T replace(T object) {
    return client.resource(object).update();
  }

  @Override
  public void conditions(ResourceId id, String uid, ObjectNode status) {
    var patch = new PatchContext.Builder();
    patch.withPatchType(PatchType.SERVER_SIDE_APPLY);
    patch.withFieldManager(FIELD_MANAGER);
    patch.withForce(true);
    var object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(ResourceKind.API_VERSION)
            .withKind(id.kind().kind())
            .withNewMetadata()
            .withName(id.name())
            .withNamespace(id.namespace())
            .withUid(uid)
            .endMetadata()
            .addToAdditionalProperties("status", JSON.convertValue(status, TREE))
            .build();
    patchStatus(id, object, patch.build());
  }

  private void patchStatus(ResourceId id, GenericKubernetesResource object, PatchContext patch) {
    var resources =
        client.genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup(ResourceKind.GROUP)
                .withVersion(ResourceKind.VERSION)
                .withKind(id.kind().kind())
                .withPlural(id.kind().plural())
                .withNamespaced(id.kind().namespaced())
                .build());
    if (id.namespace() == null) {
      resources.resource(object).subresource("status").patch(patch);
    } else {
      resources.inNamespace(id.namespace()).resource(object).subresource("status").patch(patch);
    }
  }

  @Override
  public void event(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn("an event could not be written: {}", e.getMessage());
    }
  }
}
