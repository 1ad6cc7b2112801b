package dev.referee.cli.report;

import dev.referee.operator.audit.ClusterState;

/// How the state of a cluster is printed.
enum ReportOutput {
  TEXT,
  JSON,
  CSV,
  SARIF,
  HTML;

  /// With a line break at its end.
  String render(ClusterState state) {
    return switch (this) {
      case TEXT -> TextReport.of(state);
      case JSON -> JsonReport.of(state);
      case CSV -> CsvReport.of(state);
      case SARIF -> SarifReport.of(state);
      case HTML -> HtmlReport.of(state);
    };
  }
}
