package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What becomes of a signature that fails a validation.
public enum NotationAction {
  /// It proves nothing.
  @JsonProperty("enforce")
  ENFORCE("enforce"),
  /// It stands, and the failure is noted beside it.
  @JsonProperty("log")
  LOG("log"),
  /// Nobody looks.
  @JsonProperty("skip")
  SKIP("skip");

  private final String label;

  NotationAction(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
