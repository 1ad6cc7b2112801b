package dev.referee.verify;

import static dev.referee.verify.Policies.sbom;
import static dev.referee.verify.Policies.signed;
import static dev.referee.verify.Policies.signer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.PolicyExceptionSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.policy.ImageRequest;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Exceptions waive what they name, for whom they name, until they end, and nothing else.
class ExceptionTest {
  private static final Instant END = Instant.parse("2026-12-31T00:00:00Z");
  private static final String CART = "registry.example.com/shop/cart";
  private static final SigningKey KEY = SigningKey.p256();

  /// An image that nothing refers to: whatever is not waived denies.
  private static final Digest IMAGE = Digest.of(new byte[] {7});

  private Instant now = END.minusSeconds(1);

  @Test
  void waivesWhatItNames() {
    var policies = policies(exception("e", List.of("signed", "sbom"), List.of(CART)));

    var decision = decide(policies, "shop");

    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(DecisionText.tree(decision))
        .contains("ClusterPolicyException/e", "the supplier is late", "security@example.com");
    assertThat(outcomes(decision)).allMatch(Outcome.Excepted.class::isInstance);
  }

  @Test
  void waivesEveryRequirementOnlyWhenToldSo() {
    assertThat(decide(policies(exception("e", List.of("*"), List.of(CART))), "shop"))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(decide(policies(exception("e", List.of("sbom"), List.of(CART))), "shop"))
        .isInstanceOf(Decision.Denied.class);
  }

  /// It ends by the clock, at the decision, with nobody reconciling anything.
  @Test
  void endsWhenItSaysSo() {
    var policies = policies(exception("e", List.of("*"), List.of(CART)));

    now = END;

    assertThat(decide(policies, "shop")).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void waivesByDigest() {
    var policies = policies(exception("e", List.of("*"), List.of(IMAGE.toString())));
    var another =
        policies(exception("e", List.of("*"), List.of(Digest.of(new byte[] {8}).toString())));

    assertThat(decide(policies, "shop")).isInstanceOf(Decision.Allowed.class);
    assertThat(decide(another, "shop")).isInstanceOf(Decision.Denied.class);
  }

  /// GHSA-gg4x-fgg2-h9w9: of two that overlap the looser must not win for both.
  @Test
  void twoThatOverlapWaiveWhatEachOfThemSays() {
    var narrow = exception("narrow", List.of("sbom"), List.of(CART));
    var elsewhere = exception("elsewhere", List.of("*"), List.of("registry.example.com/shop/till"));

    var decision = decide(policies(narrow, elsewhere), "shop");

    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(outcomes(decision))
        .satisfiesExactly(
            signed -> assertThat(signed).isInstanceOf(Outcome.Unmet.class),
            sbom -> assertThat(sbom).isInstanceOf(Outcome.Excepted.class));
  }

  /// CVE-2024-48921: an exception reaches the namespaces that it names; one that is not known is
  /// none of them.
  @Test
  void reachesOnlyItsNamespaces() {
    var policies = policies(exception("e", List.of("*"), List.of(CART)));

    assertThat(decide(policies, "other")).isInstanceOf(Decision.Denied.class);
    assertThat(decide(policies, null)).isInstanceOf(Decision.Denied.class);
  }

  /// A registry that hangs is not asked about what is waived anyway.
  @Test
  void needsNoRegistryForWhatIsWaivedByName() {
    var policies = policies(exception("e", List.of("*"), List.of(CART)));

    var repository = new MemoryRepository();

    var decision =
        new Engine(repository, ProofMemory.NONE, clock(), ExceptionTest::fail)
            .decide(
                ImageRequest.in("shop", null, null, Reference.parse(CART + ":v1")),
                policies,
                Deadline.in(Duration.ofSeconds(20)));

    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(repository.requests()).isEmpty();
  }

  @Test
  void countsForNothingWhenAnyOfItMakesNoSense() {
    assertProblem(
        exception("e", List.of("*"), List.of(CART), List.of("policy", "gone")),
        Problem.UNKNOWN_POLICY,
        "ClusterReferrerPolicy/gone");
    assertProblem(
        exception("e", List.of("sbon"), List.of(CART)), Problem.UNKNOWN_REQUIREMENT, "sbon");
    assertProblem(
        exception("e", List.of("*"), List.of("*", CART)), Problem.INVALID_PATTERN, "\"*\"");
    assertProblem(
        exception("e", List.of("*"), List.of("sha256:ABC")), Problem.INVALID_PATTERN, "ABC");
  }

  private void assertProblem(Resource exception, String reason, String message) {
    var policies = policies(exception);

    assertThat(decide(policies, "shop")).isInstanceOf(Decision.Denied.class);
    assertThat(policies.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.object()).isEqualTo(exception.id());
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.message()).contains(message);
            });
  }

  private static List<Outcome> outcomes(Decision decision) {
    return decision.findings().policies().getFirst().requirements().stream()
        .map(requirement -> requirement.outcome())
        .toList();
  }

  private Decision decide(PolicySet policies, @Nullable String namespace) {
    return engine()
        .decide(
            ImageRequest.in(namespace, null, null, Reference.parse(CART + "@" + IMAGE)),
            policies,
            Deadline.in(Duration.ofSeconds(20)));
  }

  private Engine engine() {
    return new Engine(new MemoryRepository(), ProofMemory.NONE, clock(), ExceptionTest::fail);
  }

  private InstantSource clock() {
    return () -> now;
  }

  private static void fail(Throwable bug) {
    throw new AssertionError(bug);
  }

  private static Resource exception(String name, List<String> requirements, List<String> images) {
    return exception(name, requirements, images, List.of("policy"));
  }

  private static Resource exception(
      String name, List<String> requirements, List<String> images, List<String> policies) {
    return new Resource.PolicyException(
        ResourceId.clusterWide(ResourceKind.CLUSTER_POLICY_EXCEPTION, name),
        new PolicyExceptionSpec(
            policies,
            requirements,
            images,
            List.of("shop"),
            "the supplier is late",
            "security@example.com",
            END));
  }

  private static PolicySet policies(Resource... exceptions) {
    var resources = new ArrayList<>(List.of(exceptions));
    resources.add(signer("ci", KEY));
    resources.add(
        new Resource.Policy(
            ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, "policy"),
            new ReferrerPolicySpec(
                null, null, null, null, null, List.<RequirementSpec>of(signed("ci"), sbom()))));
    return PolicyCompiler.compile(resources, ReferencedValues.NONE);
  }
}
