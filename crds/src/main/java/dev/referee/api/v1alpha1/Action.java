package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What happens to an image that does not fulfil a policy.
public enum Action {
  /// The object is refused.
  @JsonProperty("Enforce")
  ENFORCE("Enforce"),
  /// The object is admitted, and its author is told.
  @JsonProperty("Warn")
  WARN("Warn"),
  /// The object is admitted; the finding is recorded.
  @JsonProperty("Audit")
  AUDIT("Audit");

  private final String label;

  Action(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
