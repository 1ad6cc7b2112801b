package dev.referee.operator.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/// An OciRegistry as the API server has it. Spec and status stay trees: our own strict reader says
/// what they mean, a lenient one would drop what it does not know.
@Group("referee.dev")
@Version("v1alpha1")
@Kind("OciRegistry")
@Singular("ociregistry")
@Plural("ociregistries")
public final class OciRegistryResource extends CustomResource<JsonNode, JsonNode>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable JsonNode initSpec() {
    return null;
  }

  @Override
  protected @Nullable JsonNode initStatus() {
    return null;
  }
}
