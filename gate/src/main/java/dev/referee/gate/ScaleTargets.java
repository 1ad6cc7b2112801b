package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// Finds the objects that are scaled: a request to scale names them and does not bring them along.
@FunctionalInterface
public interface ScaleTargets {
  /// Where no cluster is at hand.
  ScaleTargets UNKNOWN = target -> Optional.empty();

  /// The object; empty where it cannot be found out.
  Optional<JsonNode> find(Target target);

  /// Which object.
  ///
  /// @param group API group; empty for the core group
  /// @param version version of that group
  /// @param resource plural name, as in request paths
  record Target(String group, String version, String resource, String namespace, String name) {
    public Target {
      requireNonNull(group, "group is null");
      requireNonNull(version, "version is null");
      requireNonNull(resource, "resource is null");
      requireNonNull(namespace, "namespace is null");
      requireNonNull(name, "name is null");
    }
  }
}
