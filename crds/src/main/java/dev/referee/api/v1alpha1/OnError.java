package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What happens when the way to the evidence is broken. It is never asked about content.
public enum OnError {
  @JsonProperty("Deny")
  DENY("Deny"),
  @JsonProperty("Allow")
  ALLOW("Allow");

  private final String label;

  OnError(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
