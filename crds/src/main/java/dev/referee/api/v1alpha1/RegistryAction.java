package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What somebody may do with a repository of a bundled registry.
public enum RegistryAction {
  @JsonProperty("Pull")
  PULL("Pull"),
  @JsonProperty("Push")
  PUSH("Push"),
  @JsonProperty("Delete")
  DELETE("Delete"),
  /// Keeping manifests from being collected.
  @JsonProperty("Pin")
  PIN("Pin");

  private final String label;

  RegistryAction(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
