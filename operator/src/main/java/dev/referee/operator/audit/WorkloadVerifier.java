package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OnError;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.operator.audit.ReportResult.ReportGrant;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.PolicyResult;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.decision.RequirementResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has the images of a workload judged, by the same code that judges them at admission, and says
/// what was found in the words of a report.
final class WorkloadVerifier {
  /// Policy of results that no policy stands behind.
  private static final String CONFIGURATION =
      ResourceId.clusterWide(ResourceKind.REFEREE_CONFIGURATION, RefereeConfigurationSpec.NAME)
          .toString();

  private final Judge judge;
  private final Duration budget;

  /// May this image run?
  @FunctionalInterface
  interface Judge {
    Decision decide(
        Reference image, String namespace, Map<String, String> labels, Deadline deadline);
  }

  /// @param budget the time for one image, beside what policies set themselves
  WorkloadVerifier(Judge judge, Duration budget) {
    this.judge = requireNonNull(judge, "judge is null");
    this.budget = requireNonNull(budget, "budget is null");
  }

  /// What was found.
  ///
  /// @param results one for each image, policy and requirement; empty when no policy is about any
  ///   of the images
  /// @param until when something of it ends by itself: an exception, a signer. [Instant#MAX], never
  /// @param undecided whether something could not be found out
  record Findings(List<ReportResult> results, Instant until, boolean undecided) {
    Findings {
      requireNonNull(until, "until is null");
      results = List.copyOf(results);
    }
  }

  Findings verify(String namespace, Collection<Inventory.Use> uses) {
    var found = new LinkedHashMap<Object, ReportResult>();
    var until = Instant.MAX;
    boolean undecided = false;
    for (var use : uses) {
      try {
        var decision =
            judge.decide(use.image().reference(), namespace, use.labels(), Deadline.in(budget));
        results(decision).forEach(result -> add(found, result));
        for (var outcome : outcomes(decision)) {
          until = earlier(until, end(outcome));
          undecided |= outcome instanceof Outcome.Undecided;
        }
      } catch (MalformedContentException e) {
        add(found, unreadable(use.image().image(), e));
      }
    }
    return new Findings(List.copyOf(found.values()), until, undecided);
  }

  /// Pods of one workload may differ in their labels, and policies may select by them: what is said
  /// of the workload is the worst that holds for any of them.
  private static void add(Map<Object, ReportResult> found, ReportResult result) {
    found.merge(
        result.question(),
        result,
        (one, other) -> one.result().compareTo(other.result()) <= 0 ? one : other);
  }

  private static List<Outcome> outcomes(Decision decision) {
    return decision.findings().policies().stream()
        .flatMap(policy -> policy.requirements().stream())
        .map(RequirementResult::outcome)
        .toList();
  }

  private static Instant end(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Met met -> met.until();
      case Outcome.Excepted excepted -> excepted.grant().expiresAt();
      case Outcome.Unmet unmet -> Instant.MAX;
      case Outcome.Undecided undecided -> Instant.MAX;
    };
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  static List<ReportResult> results(Decision decision) {
    var findings = decision.findings();
    var digest = findings.digest() == null ? null : findings.digest().toString();
    var image = findings.image();
    var name = image.digest() == null && digest != null ? image + "@" + digest : image.toString();
    if (findings.policies().isEmpty()) {
      return unmatched(name, digest, findings.unmatched()).stream().toList();
    }
    var results = new ArrayList<ReportResult>();
    for (var policy : findings.policies()) {
      for (var requirement : policy.requirements()) {
        results.add(result(name, digest, policy, requirement));
      }
    }
    return results;
  }

  private static ReportResult result(
      String image, @Nullable String digest, PolicyResult policy, RequirementResult requirement) {
    var outcome = requirement.outcome();
    var evidence = Evidence.of(outcome.findings());
    return new ReportResult(
        image,
        digest,
        policy.policy().toString(),
        requirement.name(),
        kind(policy, outcome),
        outcome.failure().map(Reason::toString).orElse(""),
        outcome.message(),
        policy.action().toString(),
        denies(policy, outcome),
        outcome instanceof Outcome.Excepted excepted ? grant(excepted) : null,
        evidence,
        Evidence.count(evidence));
  }

  private static Result kind(PolicyResult policy, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Met met -> Result.PASS;
      case Outcome.Excepted excepted -> Result.SKIP;
      case Outcome.Undecided undecided -> Result.ERROR;
      case Outcome.Unmet unmet ->
          switch (policy.action()) {
            case ENFORCE, AUDIT -> Result.FAIL;
            case WARN -> Result.WARN;
          };
    };
  }

  private static boolean denies(PolicyResult policy, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Met met -> false;
      case Outcome.Excepted excepted -> false;
      case Outcome.Unmet unmet -> true;
      case Outcome.Undecided undecided -> policy.onError() == OnError.DENY;
    };
  }

  private static ReportGrant grant(Outcome.Excepted excepted) {
    var grant = excepted.grant();
    return new ReportGrant(
        grant.exception().name(), grant.approvedBy(), grant.expiresAt().toString());
  }

  /// What no policy is about is worth a word only where somebody wants one.
  private static Optional<ReportResult> unmatched(
      String image, @Nullable String digest, Unmatched unmatched) {
    return switch (unmatched) {
      case ALLOW -> Optional.empty();
      case WARN -> Optional.of(unmatched(image, digest, Result.WARN, "Warn"));
      case DENY -> Optional.of(unmatched(image, digest, Result.FAIL, "Enforce"));
    };
  }

  private static ReportResult unmatched(
      String image, @Nullable String digest, Result result, String action) {
    return new ReportResult(
        image,
        digest,
        CONFIGURATION,
        "unmatched",
        result,
        Reason.NOT_MATCHED.toString(),
        "no policy matches it",
        action,
        result == Result.FAIL,
        null,
        List.of(),
        0);
  }

  private static ReportResult unreadable(String image, MalformedContentException problem) {
    return new ReportResult(
        Texts.cut(image, 512),
        null,
        CONFIGURATION,
        "image-name",
        Result.FAIL,
        problem.reason().toString(),
        String.valueOf(problem.getMessage()),
        "Enforce",
        true,
        null,
        List.of(),
        0);
  }
}
