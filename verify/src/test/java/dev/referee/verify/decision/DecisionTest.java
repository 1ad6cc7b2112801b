package dev.referee.verify.decision;

import static dev.referee.api.v1alpha1.Action.AUDIT;
import static dev.referee.api.v1alpha1.Action.ENFORCE;
import static dev.referee.api.v1alpha1.Action.WARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.OnError;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTest {
  private static final Digest DIGEST = Digest.of("image".getBytes(StandardCharsets.UTF_8));
  private static final Outcome MET = new Outcome.Met("signed by ci-key", List.of());
  private static final Outcome UNMET =
      new Outcome.Unmet(
          Reason.UNSIGNED,
          "no signature by ci-key; looked at 1 referrer; searched the referrers API",
          List.of(
              Finding.rejected(
                  DIGEST,
                  "cosign bundle",
                  "the referrers API",
                  Reason.UNTRUSTED_KEY,
                  "it was signed with an unknown key (sha256:91ab...)")));
  private static final Outcome UNDECIDED =
      new Outcome.Undecided(Reason.REGISTRY_TIMEOUT, "the registry did not answer");

  record Case(Action action, OnError onError, List<Outcome> outcomes, Class<?> decision) {}

  static List<Case> cases() {
    return List.of(
        new Case(ENFORCE, OnError.DENY, List.of(MET), Decision.Allowed.class),
        new Case(ENFORCE, OnError.DENY, List.of(MET, UNMET), Decision.Denied.class),
        new Case(ENFORCE, OnError.DENY, List.of(MET, UNDECIDED), Decision.Denied.class),
        new Case(ENFORCE, OnError.ALLOW, List.of(MET, UNDECIDED), Decision.Warned.class),
        // What does not hold is no matter of not knowing.
        new Case(ENFORCE, OnError.ALLOW, List.of(UNMET, UNDECIDED), Decision.Denied.class),
        new Case(WARN, OnError.DENY, List.of(UNMET), Decision.Warned.class),
        new Case(WARN, OnError.DENY, List.of(UNDECIDED), Decision.Warned.class),
        new Case(AUDIT, OnError.DENY, List.of(UNMET), Decision.Allowed.class),
        new Case(AUDIT, OnError.DENY, List.of(UNDECIDED), Decision.Allowed.class));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decides(Case given) {
    var policy = policy("p", given.action(), given.onError(), given.outcomes());

    assertThat(decide(policy)).isInstanceOf(given.decision());
  }

  @Test
  void theStrictestPolicyWins() {
    var enforced = policy("enforced", ENFORCE, OnError.DENY, List.of(UNMET));
    var warned = policy("warned", WARN, OnError.DENY, List.of(UNMET));
    var fulfilled = policy("fulfilled", ENFORCE, OnError.DENY, List.of(MET));

    assertThat(decide(fulfilled, warned)).isInstanceOf(Decision.Warned.class);
    assertThat(decide(fulfilled, warned, enforced)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void anImageThatNoPolicyMatchesFollowsTheConfiguration() {
    assertThat(unmatched(Unmatched.ALLOW)).isInstanceOf(Decision.Allowed.class);
    assertThat(unmatched(Unmatched.WARN)).isInstanceOf(Decision.Warned.class);
    assertThat(unmatched(Unmatched.DENY)).isInstanceOf(Decision.Denied.class);
    assertThat(DecisionText.denial(unmatched(Unmatched.DENY))).contains("NOT_MATCHED");
    assertThat(DecisionText.warnings(unmatched(Unmatched.WARN)))
        .containsExactly("image docker.io/library/nginx:latest: no policy matches it");
  }

  @Test
  void isUndecidedOnlyWhenNothingElseDenies() {
    var undecided = policy("u", ENFORCE, OnError.DENY, List.of(UNDECIDED));
    var unfulfilled = policy("f", ENFORCE, OnError.DENY, List.of(UNMET));

    assertThat(((Decision.Denied) decide(undecided)).isUndecided()).isTrue();
    assertThat(((Decision.Denied) decide(undecided, unfulfilled)).isUndecided()).isFalse();
    assertThat(((Decision.Denied) unmatched(Unmatched.DENY)).isUndecided()).isFalse();
  }

  /// All of nothing is true: an empty list of results must not read as "verified".
  @Test
  void aPolicyWithoutResultsCannotComeToBe() {
    assertThatThrownBy(() -> policy("p", ENFORCE, OnError.DENY, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhoIsRefusedByWhatAndWhy() {
    var policy = policy("production", ENFORCE, OnError.DENY, List.of(UNMET, MET));

    assertThat(DecisionText.denial(decide(policy)))
        .isEqualTo(
            """
            image docker.io/library/nginx:latest (%s) is not allowed by ClusterReferrerPolicy/production
              r0  UNSIGNED  no signature by ci-key; looked at 1 referrer; searched the referrers API
                cosign bundle %s: it was signed with an unknown key (sha256:91ab...)
              r1  met       signed by ci-key
            sign or attest it with what the policy names, or ask an administrator\
            """
                .formatted(DIGEST, DIGEST.abbreviated()));
  }

  @Test
  void drawsTheEvidenceTree() {
    var policy = policy("production", ENFORCE, OnError.DENY, List.of(UNMET));

    assertThat(DecisionText.tree(decide(policy)))
        .isEqualTo(
            """
            image docker.io/library/nginx:latest (%s)
            └─ ClusterReferrerPolicy/production (Enforce): not fulfilled
               └─ r0: UNSIGNED: no signature by ci-key; looked at 1 referrer; searched the referrers API
                  └─ cosign bundle %s, found by the referrers API: UNTRUSTED_KEY: it was signed with an unknown key (sha256:91ab...)
            verdict: denied
            """
                .formatted(DIGEST, DIGEST.abbreviated()));
  }

  @Test
  void rendersForPrograms() {
    var json = DecisionJson.of(decide(policy("production", ENFORCE, OnError.DENY, List.of(UNMET))));

    assertThat(json.path("verdict").asText()).isEqualTo("denied");
    var requirement = json.path("policies").path(0).path("requirements").path(0);
    assertThat(requirement.path("reason").asText()).isEqualTo("UNSIGNED");
    assertThat(requirement.path("evidence").path(0).path("digest").asText())
        .isEqualTo(DIGEST.toString());
  }

  private static Decision decide(PolicyResult... policies) {
    return Decision.of(
        new Decision.Findings(
            Reference.parse("nginx"), DIGEST, Arrays.asList(policies), Unmatched.ALLOW));
  }

  private static Decision unmatched(Unmatched unmatched) {
    return Decision.of(new Decision.Findings(Reference.parse("nginx"), null, List.of(), unmatched));
  }

  private static PolicyResult policy(
      String name, Action action, OnError onError, List<Outcome> outcomes) {
    var results = new ArrayList<RequirementResult>();
    for (var outcome : outcomes) {
      results.add(new RequirementResult("r" + results.size(), outcome));
    }
    return new PolicyResult(
        ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, name),
        action,
        onError,
        results);
  }
}
