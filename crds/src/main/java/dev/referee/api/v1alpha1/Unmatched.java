package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What happens to an image that no policy matches.
public enum Unmatched {
  @JsonProperty("Allow")
  ALLOW("Allow"),
  @JsonProperty("Warn")
  WARN("Warn"),
  @JsonProperty("Deny")
  DENY("Deny");

  private final String label;

  Unmatched(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
