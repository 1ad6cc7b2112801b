package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is kept of a pod: a few hundred bytes of some ten thousand.
///
/// @param namespace where it is
/// @param name its name
/// @param uid tells it from one of the same name
/// @param labels what policies may select it by
/// @param controller what made it; null for a pod that somebody made by hand, and for one that a
///   node made for itself
/// @param images what it runs; empty before it runs anything and after it has ended
public record RunningPod(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    @Nullable Controller controller,
    List<PodImage> images) {
  public RunningPod {
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
    requireNonNull(uid, "uid is null");
    labels = Map.copyOf(labels);
    images = List.copyOf(images);
  }

  /// `namespace/name`.
  String key() {
    return namespace + "/" + name;
  }

  /// The pod as a workload of its own.
  Workload asWorkload() {
    return new Workload("v1", "Pod", namespace, name, uid);
  }

  /// An owner reference with `controller: true`.
  ///
  /// @param apiVersion group and version
  /// @param kind kind
  /// @param name name, in the namespace of what it controls
  /// @param uid unique id
  record Controller(String apiVersion, String kind, String name, String uid) {
    Controller {
      requireNonNull(apiVersion, "apiVersion is null");
      requireNonNull(kind, "kind is null");
      requireNonNull(name, "name is null");
      requireNonNull(uid, "uid is null");
    }

    Workload in(String namespace) {
      return new Workload(apiVersion, kind, namespace, name, uid);
    }
  }
}
