package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

/// What people deploy: the outermost controller of pods, or a pod that nothing controls.
///
/// @param apiVersion group and version: `apps/v1`
/// @param kind `Deployment`
/// @param namespace where it is, and its pods with it
/// @param name its name
/// @param uid tells it from one of the same name before or after it
public record Workload(String apiVersion, String kind, String namespace, String name, String uid) {
  public Workload {
    requireNonNull(apiVersion, "apiVersion is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
    requireNonNull(uid, "uid is null");
  }

  /// `Deployment shop/cart`.
  public String describe() {
    return "%s %s/%s".formatted(kind, namespace, name);
  }
}
