package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// A requirement that is never fulfilled.
///
/// @param message what the person who is refused reads
public record DenySpec(String message) {
  public DenySpec(@Nullable String message) {
    this.message = Specs.required(message, "message");
  }
}
