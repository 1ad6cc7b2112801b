package dev.referee.operator.audit;

import dev.referee.api.v1alpha1.ReportKind;
import java.util.List;
import java.util.Optional;

/// Where reports are kept. Every method may throw what the API server's client throws.
interface Reports {
  /// Finds out which kind of report the cluster has.
  ///
  /// @return empty where none is installed, or none wanted
  Optional<ReportFormat> find(ReportKind wanted);

  /// The reports of ours, of this kind.
  List<WorkloadReport> list(ReportFormat format);

  void write(WorkloadReport report, ReportFormat format);

  /// Removes a workload's report; does nothing where there is none.
  void remove(Workload workload, ReportFormat format);

  /// Removes every report of ours of the other kinds, which nobody would keep up to date.
  ///
  /// @param kept the kind that is in use; empty, none is
  void removeOthers(Optional<ReportFormat> kept);
}
