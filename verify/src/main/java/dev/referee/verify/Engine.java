package dev.referee.verify;

import static dev.referee.verify.decision.Reason.IMAGE_NOT_FOUND;
import static dev.referee.verify.decision.Reason.INTERNAL_ERROR;
import static dev.referee.verify.decision.Reason.SIGNER_OUTSIDE_VALIDITY;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.oci.Repository;
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
import dev.referee.verify.revocation.RevocationSources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Decides whether an image may run: which policies are about it, which artifact it is, what its
/// referrers prove, and what follows from that.
public final class Engine {
  private final ArtifactSources sources;
  private final RevocationSources revocation;
  private final ProofMemory memory;
  private final InstantSource clock;
  private final Consumer<Throwable> bugs;

  /// @param sources where artifacts are read
  /// @param memory what was proven before
  /// @param clock the time that exceptions and signers end by
  /// @param bugs is told of every error of our own; the decision then denies
  public Engine(
      ArtifactSources sources, ProofMemory memory, InstantSource clock, Consumer<Throwable> bugs) {
    this(sources, RevocationSources.NONE, memory, clock, bugs);
  }

  /// @param sources where artifacts are read
  /// @param revocation where it is looked up whether certificates were taken back
  /// @param memory what was proven before
  /// @param clock the time that exceptions and signers end by
  /// @param bugs is told of every error of our own; the decision then denies
  public Engine(
      ArtifactSources sources,
      RevocationSources revocation,
      ProofMemory memory,
      InstantSource clock,
      Consumer<Throwable> bugs) {
    this.sources = requireNonNull(sources, "sources is null");
    this.revocation = requireNonNull(revocation, "revocation is null");
    this.memory = requireNonNull(memory, "memory is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.bugs = requireNonNull(bugs, "bugs is null");
  }

  private EvidenceReader reader(Repository repository, Deadline deadline) {
    return new EvidenceReader(sources.open(repository, deadline), revocation);
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
    try (var reader = reader(image.repository(), latest)) {
      var review = new Review(request, policies, clock.instant(), reader);
      var target =
          review.needsTarget(matching) ? resolve(image, reader, latest) : Target.unneeded(image);
      var results = Parallel.map(matching, policy -> review.apply(policy, target, deadline));
      return Decision.of(
          new Decision.Findings(image, target.digest(), results, policies.unmatched()));
    }
  }

  /// The digest that an image is to be pinned to: where a policy that is about it asks for that,
  /// and the image does not name one itself. Empty also when it cannot be found out; whoever
  /// decides about the image then finds out why.
  public Optional<Digest> pin(ImageRequest request, PolicySet policies, Deadline deadline) {
    var image = request.image();
    var pinning = policies.matching(request).stream().filter(Policy::pinDigests).toList();
    if (image.digest() != null || pinning.isEmpty()) {
      return Optional.empty();
    }
    var latest = latest(pinning, deadline);
    try (var reader = reader(image.repository(), latest)) {
      return Optional.ofNullable(resolve(image, reader, latest).digest());
    }
  }

  /// What the policies judge: a digest, or the outcome of every requirement where there is none.
  private record Target(@Nullable Digest digest, Outcome.@Nullable Checked missing) {
    static Target unneeded(Reference image) {
      return new Target(image.digest(), null);
    }
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

  /// One decision: what it looks at does not change while it is made.
  private final class Review {
    private final ImageRequest request;
    private final PolicySet policies;
    private final Instant now;
    private final EvidenceReader reader;

    Review(ImageRequest request, PolicySet policies, Instant now, EvidenceReader reader) {
      this.request = request;
      this.policies = policies;
      this.now = now;
      this.reader = reader;
    }

    /// Whether anything has to be known about the image itself.
    boolean needsTarget(List<Policy> matching) {
      var named = request.image().digest();
      return matching.stream()
          .anyMatch(
              policy ->
                  policy.requirements().stream()
                      .filter(RequirementCheck::needsEvidence)
                      .anyMatch(requirement -> settled(policy, requirement, named).isEmpty()));
    }

    PolicyResult apply(Policy policy, Target target, Deadline deadline) {
      var own = deadline.earlier(Deadline.in(policy.timeout()));
      var requirements = policy.requirements();
      // What is settled costs microseconds, and threads for it more than that.
      var results =
          requirements.stream().allMatch(requirement -> isSettled(policy, requirement, target))
              ? requirements.stream().map(r -> result(policy, r, target, own)).toList()
              : Parallel.map(requirements, r -> result(policy, r, target, own));
      return new PolicyResult(policy.id(), policy.action(), policy.onError(), results);
    }

    private boolean isSettled(Policy policy, Requirement requirement, Target target) {
      return target.missing() != null
          || settled(policy, requirement, target.digest()).isPresent()
          || (target.digest() != null
              && memory.known(key(requirement, target.digest())).isPresent());
    }

    private RequirementResult result(
        Policy policy, Requirement requirement, Target target, Deadline deadline) {
      return new RequirementResult(
          requirement.name(), check(policy, requirement, target, deadline));
    }

    private Outcome check(
        Policy policy, Requirement requirement, Target target, Deadline deadline) {
      try {
        var settled = settled(policy, requirement, target.digest());
        if (settled.isPresent()) {
          return settled.get();
        }
        if (target.missing() != null) {
          return target.missing();
        }
        var digest = requireNonNull(target.digest(), "a target has a digest or says why not");
        return prove(requirement, digest, deadline);
      } catch (RuntimeException | StackOverflowError e) {
        return internalError(e);
      }
    }

    /// What is decided without any evidence: somebody's word, or a requirement that needs none.
    private Optional<Outcome> settled(
        Policy policy, Requirement requirement, @Nullable Digest digest) {
      var waiver = policies.waiver(policy.id(), requirement.name(), request, digest, now);
      if (waiver.isPresent()) {
        return Optional.of(new Outcome.Excepted(waiver.get()));
      }
      return RequirementCheck.needsEvidence(requirement)
          ? Optional.empty()
          : Optional.of(RequirementCheck.withoutEvidence(requirement));
    }

    private Outcome prove(Requirement requirement, Digest digest, Deadline deadline) {
      var key = key(requirement, digest);
      var known = memory.known(key).filter(met -> now.isBefore(met.until()));
      if (known.isPresent()) {
        return known.get();
      }
      var proven =
          memory.prove(
              key,
              deadline,
              () -> RequirementCheck.check(requirement, digest, reader, deadline, now),
              Engine.this::search);
      // What is remembered while a registry is away must not outlast a signer either.
      return proven instanceof Outcome.Met met && !now.isBefore(met.until())
          ? new Outcome.Unmet(
              SIGNER_OUTSIDE_VALIDITY, "what proved it ended at " + met.until(), met.findings())
          : proven;
    }

    private ProofKey key(Requirement requirement, Digest digest) {
      return new ProofKey(request.image().repository(), digest, requirement);
    }
  }

  /// Searches for evidence on nobody's behalf: what is remembered is refreshed so.
  private Outcome.Checked search(ProofKey key, Deadline deadline) {
    try (var reader = reader(key.repository(), deadline)) {
      return RequirementCheck.check(
          key.requirement(), key.artifact(), reader, deadline, clock.instant());
    } catch (RuntimeException | StackOverflowError e) {
      return internalError(e);
    }
  }

  /// Whatever an attacker can make us stumble over must not read as "verified" (CVE-2026-44310).
  private Outcome.Unmet internalError(Throwable bug) {
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
