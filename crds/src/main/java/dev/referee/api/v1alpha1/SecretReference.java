package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// A Secret in the object's own namespace; for cluster-wide objects, in Referee's.
///
/// @param name name of the Secret
public record SecretReference(String name) {
  public SecretReference(@Nullable String name) {
    this.name = Specs.required(name, "name");
  }
}
