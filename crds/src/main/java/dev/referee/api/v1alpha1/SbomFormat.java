package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A family of SBOM documents.
public enum SbomFormat {
  @JsonProperty("SPDX")
  SPDX("SPDX"),
  @JsonProperty("CycloneDX")
  CYCLONEDX("CycloneDX");

  private final String label;

  SbomFormat(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
