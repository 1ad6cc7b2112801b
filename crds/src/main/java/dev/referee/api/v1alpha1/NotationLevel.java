package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How much of what can be checked about a signature of Notary is enforced.
public enum NotationLevel {
  /// Everything.
  @JsonProperty("strict")
  STRICT("strict"),
  /// Integrity and authenticity.
  @JsonProperty("permissive")
  PERMISSIVE("permissive"),
  /// Integrity alone: anybody's intact signature will do.
  @JsonProperty("audit")
  AUDIT("audit");

  private final String label;

  NotationLevel(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
