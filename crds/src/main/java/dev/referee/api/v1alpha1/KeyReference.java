package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// One value of a Secret or a ConfigMap in the object's own namespace; for cluster-wide objects, in
/// Referee's.
///
/// @param name name of the Secret or ConfigMap
/// @param key key of the value in it
public record KeyReference(String name, String key) {
  public KeyReference(@Nullable String name, @Nullable String key) {
    this.name = Specs.required(name, "name");
    this.key = Specs.required(key, "key");
  }
}
