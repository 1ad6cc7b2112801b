package dev.referee.verify;

import static dev.referee.verify.decision.Reason.IMAGE_NOT_FOUND;
import static dev.referee.verify.decision.Reason.INTERNAL_ERROR;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.PolicyResult;
import dev.referee.verify.decision.RequirementResult;
import dev.referee.verify.evidence.EvidenceReader;
import dev.referee.verify.evidence.RequirementCheck;
import dev.referee.verify.evidence.UnreadableException;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.policy.Policy;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Decides whether an image may run: which policies are about it, which artifact it is, what its
/// referrers prove, and what follows from that.
public final class Engine {
  private final ArtifactSources sources;
  private final Consumer<Throwable> bugs;

  /// @param sources where artifacts are read
  /// @param bugs is told of every error of our own; the decision then denies
  public Engine(ArtifactSources sources, Consumer<Throwable> bugs) {
    this.sources = requireNonNull(sources, "sources is null");
    this.bugs = requireNonNull(bugs, "bugs is null");
  }

  /// Decides. Never throws for anything that a registry, a policy or a pod contains.
  ///
  /// @param request the image and what policies may select it by
  /// @param policies every policy there is, from one moment
  /// @param deadline when an answer is due; policies may ask for an earlier one
  public Decision decide(ImageRequest request, PolicySet policies, Deadline deadline) {
    var matching = policies.matching(request);
    var image = request.image();
    if (matching.isEmpty()) {
      return Decision.of(
          new Decision.Findings(image, image.digest(), List.of(), policies.unmatched()));
    }
    var latest = latest(matching, deadline);
    try (var reader = new EvidenceReader(sources.open(image.repository(), latest))) {
      var target = needEvidence(matching) ? resolve(image, reader, latest) : Target.unneeded(image);
      var results = Parallel.map(matching, policy -> apply(policy, target, reader, deadline));
      return Decision.of(
          new Decision.Findings(image, target.digest(), results, policies.unmatched()));
    }
  }

  /// What the policies judge: a digest, or the outcome of every requirement where there is none.
  private record Target(@Nullable Digest digest, @Nullable Outcome missing) {
    static Target unneeded(Reference image) {
      return new Target(image.digest(), null);
    }
  }

  private static boolean needEvidence(List<Policy> policies) {
    return policies.stream()
        .flatMap(policy -> policy.requirements().stream())
        .anyMatch(RequirementCheck::needsEvidence);
  }

  /// Tag to digest, once: everything after it is by digest, hashed by us.
  private Target resolve(Reference image, EvidenceReader reader, Deadline deadline) {
    if (image.digest() != null) {
      return new Target(image.digest(), null);
    }
    try {
      var tag = requireNonNull(image.tag(), "a reference has a tag or a digest");
      return reader
          .tag(tag, deadline)
          .map(content -> new Target(content.digest(), null))
          .orElseGet(
              () ->
                  new Target(
                      null,
                      new Outcome.Unmet(
                          IMAGE_NOT_FOUND, "%s has no tag %s".formatted(image.repository(), tag))));
    } catch (UnreadableException e) {
      var message = "%s could not be resolved: %s".formatted(image, e.sentence());
      return new Target(
          null,
          e.reason().isTransport()
              ? new Outcome.Undecided(e.reason(), message)
              : new Outcome.Unmet(e.reason(), message));
    } catch (RuntimeException e) {
      return new Target(null, internalError(e));
    }
  }

  private PolicyResult apply(
      Policy policy, Target target, EvidenceReader reader, Deadline deadline) {
    var own = deadline.earlier(Deadline.in(policy.timeout()));
    var results =
        Parallel.map(
            policy.requirements(),
            requirement ->
                new RequirementResult(requirement.name(), check(requirement, target, reader, own)));
    return new PolicyResult(policy.id(), policy.action(), policy.onError(), results);
  }

  private Outcome check(
      Requirement requirement, Target target, EvidenceReader reader, Deadline deadline) {
    try {
      if (!RequirementCheck.needsEvidence(requirement)) {
        return RequirementCheck.withoutEvidence(requirement);
      }
      if (target.missing() != null) {
        return target.missing();
      }
      var digest = requireNonNull(target.digest(), "a target has a digest or says why not");
      return RequirementCheck.check(requirement, digest, reader, deadline);
    } catch (RuntimeException | StackOverflowError e) {
      return internalError(e);
    }
  }

  /// Whatever an attacker can make us stumble over must not read as "verified" (CVE-2026-44310).
  private Outcome internalError(Throwable bug) {
    bugs.accept(bug);
    return new Outcome.Unmet(INTERNAL_ERROR, "checking it failed: " + bug);
  }

  private static Deadline latest(List<Policy> policies, Deadline deadline) {
    var longest =
        policies.stream()
            .map(Policy::timeout)
            .max(Duration::compareTo)
            .orElseThrow(() -> new IllegalArgumentException("no policy"));
    return deadline.earlier(Deadline.in(longest));
  }
}
