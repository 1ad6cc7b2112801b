package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One requirement for one image of a workload, and what became of it.
///
/// @param image the image as it was judged: with its digest, where that is known
/// @param digest what it was judged by; null where that could not be found out
/// @param policy `ClusterReferrerPolicy/production`
/// @param requirement the requirement's name
/// @param result what became of it
/// @param reason a code, for what is not fulfilled; empty else
/// @param message a sentence
/// @param action what the policy does about it: `Enforce`, `Warn` or `Audit`
/// @param wouldDeny whether the image would not be admitted for it, if the policy were enforced
/// @param grant by whose word it need not be fulfilled, for an exception
/// @param evidence what was looked at
/// @param evidenceCount how many nodes the whole tree has, of which a report keeps some
public record ReportResult(
    String image,
    @Nullable String digest,
    String policy,
    String requirement,
    Result result,
    String reason,
    String message,
    String action,
    boolean wouldDeny,
    @Nullable ReportGrant grant,
    List<Evidence> evidence,
    int evidenceCount) {
  private static final int MAX_MESSAGE_CHARS = 500;
  private static final int MAX_EVIDENCE = 12;
  private static final int MAX_EVIDENCE_CHARS = 160;

  static final Comparator<ReportResult> ORDER =
      Comparator.comparing(ReportResult::result)
          .thenComparing(ReportResult::image)
          .thenComparing(ReportResult::policy)
          .thenComparing(ReportResult::requirement);

  public ReportResult {
    requireNonNull(image, "image is null");
    requireNonNull(policy, "policy is null");
    requireNonNull(requirement, "requirement is null");
    requireNonNull(result, "result is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
    requireNonNull(action, "action is null");
    evidence = List.copyOf(evidence);
  }

  /// An exception that was made use of.
  ///
  /// @param exception the ClusterPolicyException, by name
  /// @param approvedBy who answers for it
  /// @param expiresAt when it ends, RFC 3339
  public record ReportGrant(String exception, String approvedBy, String expiresAt) {
    public ReportGrant {
      requireNonNull(exception, "exception is null");
      requireNonNull(approvedBy, "approvedBy is null");
      requireNonNull(expiresAt, "expiresAt is null");
    }
  }

  /// The same with as much text as a report has room for.
  ReportResult bounded() {
    return new ReportResult(
        image,
        digest,
        policy,
        requirement,
        result,
        reason,
        Texts.cut(message, MAX_MESSAGE_CHARS),
        action,
        wouldDeny,
        grant,
        Evidence.bounded(evidence, MAX_EVIDENCE, MAX_EVIDENCE_CHARS),
        evidenceCount);
  }

  /// What several pods of a workload share: the same question about the same image.
  Object question() {
    return List.of(image, policy, requirement);
  }
}
