package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.PolicyStatus.Example;
import java.util.Comparator;
import java.util.List;

/// One requirement for which a running image would not be admitted, if its policy were enforced.
///
/// @param policy `ClusterReferrerPolicy/production`
/// @param example what a policy's status says of it
record Denial(String policy, Example example) {
  /// What the schema of a status allows.
  private static final int MAX_CHARS = 512;

  static final Comparator<Denial> ORDER =
      Comparator.<Denial, String>comparing(denial -> denial.example().workload())
          .thenComparing(denial -> denial.example().image())
          .thenComparing(denial -> denial.example().requirement());

  Denial {
    requireNonNull(policy, "policy is null");
    requireNonNull(example, "example is null");
  }

  static List<Denial> of(Workload workload, List<ReportResult> results) {
    return results.stream()
        .filter(ReportResult::wouldDeny)
        .map(
            result ->
                new Denial(
                    result.policy(),
                    new Example(
                        Texts.cut(workload.describe(), MAX_CHARS),
                        Texts.cut(result.image(), MAX_CHARS),
                        result.requirement(),
                        result.reason())))
        .toList();
  }
}
