package dev.referee.api.v1alpha1;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// Which object: `ClusterReferrerPolicy/production` or `ReferrerPolicy/shop/production`. Two
/// objects of one name in two scopes are two objects (kyverno#16731).
///
/// @param namespace null for cluster-wide kinds
public record ResourceId(ResourceKind kind, @Nullable String namespace, String name) {
  public ResourceId {
    requireNonNull(kind, "kind is null");
    requireNonNull(name, "name is null");
    Specs.check(
        kind.namespaced() == (namespace != null),
        kind.namespaced()
            ? "%s/%s has no namespace".formatted(kind, name)
            : "%s/%s is cluster-wide and has no namespace".formatted(kind, name));
  }

  public static ResourceId clusterWide(ResourceKind kind, String name) {
    return new ResourceId(kind, null, name);
  }

  @Override
  public String toString() {
    return namespace == null ? kind + "/" + name : kind + "/" + namespace + "/" + name;
  }
}
