package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the API server for the object that is scaled. Scaling is rare beside the creation of pods,
/// so nothing is watched for it.
public final class ClusterScaleTargets implements ScaleTargets {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterScaleTargets.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  public ClusterScaleTargets(KubernetesClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  @Override
  public Optional<JsonNode> find(Target target) {
    var context =
        new ResourceDefinitionContext.Builder()
            .withGroup(target.group())
            .withVersion(target.version())
            .withPlural(target.resource())
            .withNamespaced(true)
            .build();
    try {
      return Optional.ofNullable(
              client
                  .genericKubernetesResources(context)
                  .inNamespace(target.namespace())
                  .withName(target.name())
                  .get())
          .map(JSON::<JsonNode>valueToTree);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "{} {}/{} cannot be read: {}",
          target.resource(),
          target.namespace(),
          target.name(),
          e.getMessage());
      return Optional.empty();
    }
  }
}
