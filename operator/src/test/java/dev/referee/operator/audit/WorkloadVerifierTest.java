package dev.referee.operator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadVerifierTest {
  private final AuditWorld world = new AuditWorld();

  @BeforeEach
  void install() {
    world.applySigner();
  }

  @Test
  void saysWhatProvesIt() {
    world.applyPolicy("p", "Enforce");
    var image = world.pushSigned("cart");

    var found = verify("registry.example.com/shop/cart:v1", image);

    assertThat(found.undecided()).isFalse();
    var result = found.results().getFirst();
    assertThat(result.result()).isEqualTo(Result.PASS);
    assertThat(result.image()).isEqualTo("registry.example.com/shop/cart:v1@" + image.digest());
    assertThat(result.digest()).isEqualTo(image.digest().toString());
    assertThat(result.policy()).isEqualTo("ClusterReferrerPolicy/p");
    assertThat(result.requirement()).isEqualTo("signed");
    assertThat(result.wouldDeny()).isFalse();
    assertThat(Evidence.digests(result.evidence())).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Enforce, FAIL", "Warn, WARN", "Audit, FAIL"})
  void saysWhatDoesNotHold(String action, Result result) {
    world.applyPolicy("p", action);

    var found = verify("registry.example.com/shop/cart:v1", world.push("cart"));

    assertThat(found.results()).hasSize(1);
    assertThat(found.results().getFirst().result()).isEqualTo(result);
    assertThat(found.results().getFirst().reason()).isEqualTo("UNSIGNED");
    assertThat(found.results().getFirst().action()).isEqualTo(action);
    assertThat(found.results().getFirst().wouldDeny()).isTrue();
  }

  @Test
  void tellsWhatWasNotFoundOutFromWhatDoesNotHold() {
    world.applyPolicy("p", "Enforce");
    var image = world.pushSigned("cart");
    world.repository.fail("referrers " + image.digest(), SourceReason.UNREACHABLE);

    var found = verify("registry.example.com/shop/cart:v1", image);

    assertThat(found.undecided()).isTrue();
    assertThat(found.results().getFirst().result()).isEqualTo(Result.ERROR);
    assertThat(found.results().getFirst().reason()).isEqualTo("REGISTRY_UNREACHABLE");
    assertThat(found.results().getFirst().wouldDeny()).isTrue();
  }

  @Test
  void wouldNotDenyWhatIsLetInUndecided() {
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: p}
        spec:
          match: {images: ["**"]}
          onError: Allow
          require: [{name: signed, signature: {by: [ci]}}]
        """);
    var image = world.pushSigned("cart");
    world.repository.fail("referrers " + image.digest(), SourceReason.TIMEOUT);

    var result = verify("registry.example.com/shop/cart:v1", image).results().getFirst();

    assertThat(result.result()).isEqualTo(Result.ERROR);
    assertThat(result.wouldDeny()).isFalse();
  }

  @Test
  void namesWhoAllowedItAndUntilWhen() {
    world.applyPolicy("p", "Enforce");
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterPolicyException
        metadata: {name: legacy}
        spec:
          policies: [p]
          requirements: ["*"]
          images: ["registry.example.com/shop/**"]
          namespaces: [shop]
          reason: it is on its way out
          approvedBy: alice@example.com
          expiresAt: "2026-12-01T00:00:00Z"
        """);

    var found = verify("registry.example.com/shop/cart:v1", world.push("cart"));

    assertThat(found.results().getFirst().result()).isEqualTo(Result.SKIP);
    assertThat(found.results().getFirst().grant())
        .isEqualTo(
            new ReportResult.ReportGrant("legacy", "alice@example.com", "2026-12-01T00:00:00Z"));
    assertThat(found.until()).isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
  }

  @Test
  void saysNothingOfWhatNoPolicyIsAbout() {
    world.applyPolicy("p", "Enforce");

    assertThat(verify("docker.io/library/nginx:1", world.push("nginx")).results()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Deny, FAIL, true", "Warn, WARN, false"})
  void saysSoWhereTheConfigurationWantsAPolicyForEverything(
      String unmatched, Result result, boolean wouldDeny) {
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: RefereeConfiguration
        metadata: {name: referee}
        spec: {unmatched: %s}
        """
            .formatted(unmatched));

    var found = verify("docker.io/library/nginx:1", world.push("nginx")).results();

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().policy()).isEqualTo("RefereeConfiguration/referee");
    assertThat(found.getFirst().reason()).isEqualTo("NOT_MATCHED");
    assertThat(found.getFirst().result()).isEqualTo(result);
    assertThat(found.getFirst().wouldDeny()).isEqualTo(wouldDeny);
  }

  @Test
  void doesNotOverlookWhatIsNoName() {
    var found =
        world
            .verifier()
            .verify("shop", List.of(new Inventory.Use(new PodImage("Not/A:Name", null), Map.of())));

    assertThat(found.results().getFirst().result()).isEqualTo(Result.FAIL);
    assertThat(found.results().getFirst().reason()).isEqualTo("REFERENCE_INVALID");
  }

  /// Pods of one workload differ in their labels; the worst of them is what the workload is.
  @Test
  void saysTheWorstOfWhatHoldsForItsPods() {
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterPolicyException
        metadata: {name: canary}
        spec:
          policies: [p]
          requirements: ["*"]
          images: ["registry.example.com/other/**"]
          namespaces: ["*"]
          reason: r
          approvedBy: a
          expiresAt: "2026-12-01T00:00:00Z"
        """);
    world.apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: p}
        spec:
          match: {images: ["**"], objectSelector: {matchLabels: {track: stable}}}
          require: [{name: signed, signature: {by: [ci]}}]
        """);
    var image = new PodImage("registry.example.com/shop/cart:v1", world.push("cart").digest());

    var found =
        world
            .verifier()
            .verify(
                "shop",
                List.of(
                    new Inventory.Use(image, Map.of("track", "canary")),
                    new Inventory.Use(image, Map.of("track", "stable")),
                    new Inventory.Use(image, Map.of("track", "stable", "x", "y"))));

    assertThat(found.results()).hasSize(1);
    assertThat(found.results().getFirst().result()).isEqualTo(Result.FAIL);
  }

  private WorkloadVerifier.Findings verify(String image, Descriptor running) {
    return world
        .verifier()
        .verify(
            "shop",
            List.of(new Inventory.Use(new PodImage(image, running.digest()), Map.of("a", "b"))));
  }
}
