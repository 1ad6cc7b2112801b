package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;

/// An object of ours as the API server has it.
///
/// @param id what it is called
/// @param tree the whole object, as it was delivered
/// @param resource what our strict reader makes of it; never null, also when it makes no sense
public record ClusterObject(ResourceId id, JsonNode tree, Resource resource) {
  public ClusterObject {
    requireNonNull(id, "id is null");
    requireNonNull(tree, "tree is null");
    requireNonNull(resource, "resource is null");
  }

  /// The generation of the spec, which a status names as the one that it is about.
  public long generation() {
    return tree.path("metadata").path("generation").asLong();
  }

  public String uid() {
    return tree.path("metadata").path("uid").asText();
  }
}
