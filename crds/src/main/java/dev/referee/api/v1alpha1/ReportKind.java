package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What audit reports are written as.
public enum ReportKind {
  /// OpenReports where its definitions are installed, else PolicyReport where those are, else
  /// nothing.
  @JsonProperty("Auto")
  AUTO("Auto"),
  /// `openreports.io/v1alpha1`.
  @JsonProperty("OpenReports")
  OPEN_REPORTS("OpenReports"),
  /// `wgpolicyk8s.io/v1alpha2`.
  @JsonProperty("PolicyReport")
  POLICY_REPORT("PolicyReport"),
  /// None.
  @JsonProperty("None")
  NONE("None");

  private final String label;

  ReportKind(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
