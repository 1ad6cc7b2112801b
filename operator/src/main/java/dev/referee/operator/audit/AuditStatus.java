package dev.referee.operator.audit;

import dev.referee.api.v1alpha1.PolicyStatus.WouldDeny;
import dev.referee.api.v1alpha1.ReportKind;
import dev.referee.api.v1alpha1.ResourceId;
import java.util.Optional;

/// Where an audit says how it fares. Every method may throw what the API server's client throws.
interface AuditStatus {
  /// Writes what of the running images a policy would not admit.
  void wouldDeny(ResourceId policy, WouldDeny summary);

  /// Writes what kind of reports there is.
  ///
  /// @param wanted what the configuration asks for
  /// @param found empty where it is not installed
  void reports(ReportKind wanted, Optional<ReportFormat> found);
}
