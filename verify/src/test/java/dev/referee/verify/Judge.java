package dev.referee.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.testing.MemoryRepository;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.policy.PolicySet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The engine over one repository, with assertions on what it decides.
public final class Judge {
  private static final String REPOSITORY = "registry.example.com/shop/cart";

  private final List<Throwable> bugs = new ArrayList<>();
  private final Engine engine;

  public Judge(MemoryRepository repository) {
    this(repository, InstantSource.system());
  }

  public Judge(MemoryRepository repository, InstantSource clock) {
    this.engine = new Engine(repository, ProofMemory.NONE, clock, bugs::add);
  }

  public Decision decide(Digest image, PolicySet policies) {
    return decide(REPOSITORY + "@" + image, policies);
  }

  public Decision decide(String image, PolicySet policies) {
    var decision =
        engine.decide(
            ImageRequest.of(Reference.parse(image)), policies, Deadline.in(Duration.ofSeconds(20)));
    assertThat(bugs).as("errors of our own").isEmpty();
    return decision;
  }

  public Decision decideTag(String tag, PolicySet policies) {
    return decide(REPOSITORY + ":" + tag, policies);
  }

  public void assertAllowed(Digest image, PolicySet policies) {
    var decision = decide(image, policies);
    assertThat(decision).as(DecisionText.tree(decision)).isInstanceOf(Decision.Allowed.class);
  }

  /// Denied, and the only requirement that does not hold fails for this reason.
  public Outcome.Unmet assertDenied(Digest image, PolicySet policies, Reason reason) {
    var decision = decide(image, policies);
    var tree = DecisionText.tree(decision);
    assertThat(decision).as(tree).isInstanceOf(Decision.Denied.class);
    var failed = unfulfilled(decision);
    assertThat(failed).as(tree).singleElement().isInstanceOf(Outcome.Unmet.class);
    var unmet = (Outcome.Unmet) failed.getFirst();
    assertThat(unmet.reason()).as(tree).isEqualTo(reason);
    return unmet;
  }

  /// Undecided for this reason; by default that denies.
  public Outcome.Undecided assertUndecided(Digest image, PolicySet policies, Reason reason) {
    var decision = decide(image, policies);
    var tree = DecisionText.tree(decision);
    assertThat(decision)
        .as(tree)
        .isInstanceOfSatisfying(
            Decision.Denied.class, denied -> assertThat(denied.isUndecided()).isTrue());
    var failed = unfulfilled(decision);
    assertThat(failed).as(tree).singleElement().isInstanceOf(Outcome.Undecided.class);
    var undecided = (Outcome.Undecided) failed.getFirst();
    assertThat(undecided.reason()).as(tree).isEqualTo(reason);
    return undecided;
  }

  private static List<Outcome> unfulfilled(Decision decision) {
    return decision.findings().policies().stream()
        .flatMap(policy -> policy.requirements().stream())
        .map(requirement -> requirement.outcome())
        .filter(outcome -> !outcome.isSatisfied())
        .toList();
  }
}
