package dev.referee.api.v1alpha1;

import static dev.referee.api.v1alpha1.ResourceReason.INVALID_METADATA;
import static dev.referee.api.v1alpha1.ResourceReason.INVALID_VALUE;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_FIELD;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_KIND;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResourceReaderTest {
  private static final String POLICY =
      """
      apiVersion: referee.dev/v1alpha1
      kind: ClusterReferrerPolicy
      metadata: {name: production, labels: {team: platform}}
      spec:
        match:
          images: ["registry.example.com/prod/**"]
          namespaceSelector: {matchLabels: {env: prod}}
        action: Warn
        onError: Allow
        timeout: 1s500ms
        require:
          - name: built-by-ci
            signature: {by: [ci, release], threshold: 1}
          - name: sbom
            sbom: {formats: [SPDX], signedBy: {by: [ci]}}
      status: {conditions: []}
      """;

  @Test
  void readsAPolicy() throws InvalidResourceException {
    var policy = (Resource.Policy) ResourceReader.read(Yaml.parse(POLICY));

    assertThat(policy.id()).hasToString("ClusterReferrerPolicy/production");
    var spec = policy.spec();
    assertThat(spec.action()).isEqualTo(Action.WARN);
    assertThat(spec.onError()).isEqualTo(OnError.ALLOW);
    assertThat(spec.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(spec.require())
        .extracting(RequirementSpec::name)
        .containsExactly("built-by-ci", "sbom");
    assertThat(spec.require().get(0).signature())
        .isEqualTo(new SignedBySpec(List.of("ci", "release"), 1));
    assertThat(spec.require().get(1).sbom())
        .isEqualTo(new SbomSpec(List.of(SbomFormat.SPDX), new SignedBySpec(List.of("ci"), null)));
  }

  /// Every default is the strictest value.
  @Test
  void readsAbsenceAsTheStrictestValue() throws InvalidResourceException {
    var spec =
        policySpec("require: [{name: signed, signature: {by: [a, b]}}, {name: sbom, sbom: {}}]");

    assertThat(spec.match()).isEqualTo(MatchSpec.EVERYTHING);
    assertThat(spec.action()).isEqualTo(Action.ENFORCE);
    assertThat(spec.onError()).isEqualTo(OnError.DENY);
    assertThat(spec.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(spec.require().getFirst().signature())
        .extracting(SignedBySpec::threshold)
        .isEqualTo(2);
    assertThat(spec.require().getLast().sbom())
        .extracting(SbomSpec::formats)
        .isEqualTo(List.of(SbomFormat.SPDX, SbomFormat.CYCLONEDX));
  }

  record Refused(String yaml, ResourceReason reason, String message) {}

  static Refused[] refused() {
    return new Refused[] {
      new Refused(
          POLICY.replace("signature:", "signatures:"), UNKNOWN_FIELD, "spec.require[0].signatures"),
      new Refused(POLICY.replace("threshold", "treshold"), UNKNOWN_FIELD, "signature.treshold"),
      new Refused(POLICY.replace("images:", "image:"), UNKNOWN_FIELD, "spec.match.image"),
      new Refused(POLICY.replace("spec:", "specs: {}\nspec:"), UNKNOWN_FIELD, "specs"),
      new Refused(POLICY.replace("Warn", "warn"), INVALID_VALUE, "spec.action: \"warn\""),
      new Refused(POLICY.replace("Warn", "1"), INVALID_VALUE, "spec.action"),
      new Refused(POLICY.replace("threshold: 1", "threshold: 0"), INVALID_VALUE, "threshold 0"),
      new Refused(POLICY.replace("threshold: 1", "threshold: 3"), INVALID_VALUE, "threshold 3"),
      new Refused(POLICY.replace("threshold: 1", "threshold: \"1\""), INVALID_VALUE, "threshold"),
      new Refused(POLICY.replace("threshold: 1", "threshold: 1.5"), INVALID_VALUE, "threshold"),
      new Refused(POLICY.replace("[ci, release]", "[]"), INVALID_VALUE, "by names no signer"),
      new Refused(POLICY.replace("[ci, release]", "[ci, ci]"), INVALID_VALUE, "by names ci twice"),
      new Refused(POLICY.replace("[ci, release]", "[ci, null]"), INVALID_VALUE, "empty element"),
      new Refused(POLICY.replace("[ci, release]", "[1]"), INVALID_VALUE, "by[0]"),
      new Refused(POLICY.replace("[SPDX]", "[]"), INVALID_VALUE, "formats is empty"),
      new Refused(POLICY.replace("1s500ms", "3"), INVALID_VALUE, "timeout"),
      new Refused(POLICY.replace("1s500ms", "-3s"), INVALID_VALUE, "timeout"),
      new Refused(POLICY.replace("1s500ms", "1.5s"), INVALID_VALUE, "timeout"),
      new Refused(POLICY.replace("1s500ms", "30s"), INVALID_VALUE, "29s"),
      new Refused(POLICY.replace("name: sbom", "name: built-by-ci"), INVALID_VALUE, "twice"),
      new Refused(
          POLICY.replace("sbom: {", "deny: {message: never}\n      sbom: {"),
          INVALID_VALUE,
          "exactly one"),
      new Refused(
          POLICY.replaceAll("(?s)require:.*status", "require: []\nstatus"),
          INVALID_VALUE,
          "at least one"),
      new Refused(
          POLICY.replaceAll("(?s)  require:.*status", "status"), INVALID_VALUE, "at least one"),
      new Refused(POLICY.replaceAll("(?s)spec:.*status", "status"), INVALID_VALUE, "no spec"),
      new Refused(
          POLICY.replace("[\"registry.example.com/prod/**\"]", "[]"),
          INVALID_VALUE,
          "match.images is empty"),
      new Refused(POLICY.replace("v1alpha1", "v1"), UNKNOWN_VERSION, "referee.dev/v1"),
      new Refused(POLICY.replace("ClusterReferrerPolicy", "Policy"), UNKNOWN_KIND, "Policy"),
      new Refused(POLICY.replace("name: production, ", ""), INVALID_METADATA, "metadata.name"),
      new Refused(
          POLICY.replace("ClusterReferrerPolicy", "ReferrerPolicy"),
          INVALID_METADATA,
          "metadata.namespace"),
    };
  }

  @ParameterizedTest
  @MethodSource({"refused", "refusedOfOtherKinds"})
  void refusesAndNamesTheField(Refused refused) {
    assertThatThrownBy(() -> ResourceReader.read(Yaml.parse(refused.yaml())))
        .isInstanceOfSatisfying(
            InvalidResourceException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(refused.reason());
              assertThat(e).hasMessageContaining(refused.message());
            });
  }

  @Test
  void readsASignerAndTheConfiguration() throws InvalidResourceException {
    assertThat(
            ResourceReader.read(
                Yaml.parse(
                    """
                    apiVersion: referee.dev/v1alpha1
                    kind: Signer
                    metadata: {name: ci, namespace: shop}
                    spec: {key: {publicKey: pem, hashAlgorithm: SHA384}}
                    """)))
        .isEqualTo(
            new Resource.Signer(
                new ResourceId(ResourceKind.SIGNER, "shop", "ci"),
                new SignerSpec(KeySpec.of("pem", HashAlgorithm.SHA384))));
    assertThat(
            ResourceReader.read(
                Yaml.parse(
                    """
                    apiVersion: referee.dev/v1alpha1
                    kind: RefereeConfiguration
                    metadata: {name: referee}
                    spec: {unmatched: Deny}
                    """)))
        .isEqualTo(
            new Resource.Configuration(
                ResourceId.clusterWide(ResourceKind.REFEREE_CONFIGURATION, "referee"),
                RefereeConfigurationSpec.unmatched(Unmatched.DENY)));
  }

  private static final String EXCEPTION =
      """
      apiVersion: referee.dev/v1alpha1
      kind: ClusterPolicyException
      metadata: {name: cart}
      spec:
        policies: [production, shop/extra]
        requirements: [sbom]
        images: ["registry.example.com/shop/cart"]
        namespaces: [shop]
        reason: the supplier is late
        approvedBy: security@example.com
        expiresAt: "2026-12-31T23:00:00+01:00"
      """;

  @Test
  void readsAnException() throws InvalidResourceException {
    var exception = (Resource.PolicyException) ResourceReader.read(Yaml.parse(EXCEPTION));

    assertThat(exception.spec().policies()).containsExactly("production", "shop/extra");
    assertThat(exception.spec().expiresAt()).isEqualTo(Instant.parse("2026-12-31T22:00:00Z"));
  }

  static Refused[] refusedOfOtherKinds() {
    return new Refused[] {
      // An exception that forgets to say for what, or until when, is none.
      new Refused(EXCEPTION.replace("[sbom]", "[]"), INVALID_VALUE, "requirements is empty"),
      new Refused(EXCEPTION.replace("  namespaces: [shop]\n", ""), INVALID_VALUE, "namespaces"),
      new Refused(EXCEPTION.replaceAll("  images: .*\n", ""), INVALID_VALUE, "images is empty"),
      new Refused(EXCEPTION.replaceAll("  policies: .*\n", ""), INVALID_VALUE, "policies"),
      new Refused(EXCEPTION.replaceAll("  expiresAt: .*\n", ""), INVALID_VALUE, "expiresAt"),
      new Refused(EXCEPTION.replaceAll("  approvedBy: .*\n", ""), INVALID_VALUE, "approvedBy"),
      new Refused(
          EXCEPTION.replace("2026-12-31T23:00:00+01:00", "next year"), INVALID_VALUE, "next year"),
      new Refused(
          EXCEPTION.replace("\"2026-12-31T23:00:00+01:00\"", "1798758000"),
          INVALID_VALUE,
          "expiresAt"),
      new Refused(EXCEPTION.replace("expiresAt", "expires"), UNKNOWN_FIELD, "spec.expires"),
      new Refused(spec("Signer", "key: {}"), INVALID_VALUE, "exactly one"),
      new Refused(
          spec("Signer", "key: {publicKey: a, configMapKeyRef: {name: b, key: c}}"),
          INVALID_VALUE,
          "exactly one"),
      new Refused(
          spec("ClusterRegistryConfig", "host: r, credentials: {}"), INVALID_VALUE, "exactly one"),
      new Refused(
          spec("ClusterRegistryConfig", "host: r, plainHTTP: true, caBundle: x"),
          INVALID_VALUE,
          "caBundle"),
      new Refused(
          spec("ClusterRegistryConfig", "host: r, rateLimit: {requestsPerSecond: 0}"),
          INVALID_VALUE,
          "requestsPerSecond"),
      new Refused(
          spec("RefereeConfiguration", "customResources: [{group: g, resource: r}]"),
          INVALID_VALUE,
          "needs a path"),
      new Refused(
          spec(
              "RefereeConfiguration", "customResources: [{group: g, resource: r, images: [a..b]}]"),
          INVALID_VALUE,
          "not a path"),
      new Refused(
          spec("RefereeConfiguration", "audit: {interval: 1s}"), INVALID_VALUE, "1m and 168h"),
    };
  }

  private static String spec(String kind, String spec) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: %s
    metadata: {name: n, namespace: n}
    spec: {%s}
    """
        .formatted(kind, spec);
  }

  /// A policy that makes no sense keeps what can be known of it: it goes on denying, and no more
  /// than that.
  @Test
  void keepsMatchAndActionOfAnInvalidPolicy() throws InvalidResourceException {
    var tree = Yaml.parse(POLICY.replace("threshold", "treshold"));

    var invalid = ResourceReader.readOrInvalid(ResourceReader.readId(tree), tree);

    assertThat(invalid)
        .isInstanceOfSatisfying(
            Resource.Invalid.class,
            kept -> {
              assertThat(kept.match())
                  .extracting(MatchSpec::images)
                  .isEqualTo(List.of("registry.example.com/prod/**"));
              assertThat(kept.action()).isEqualTo(Action.WARN);
              assertThat(kept.problem().reason()).isEqualTo(UNKNOWN_FIELD);
            });
  }

  @Test
  void takesAnUnreadableMatchForEverything() throws InvalidResourceException {
    var tree = Yaml.parse(POLICY.replace("images:", "image:").replace("Warn", "Never"));

    var invalid = ResourceReader.readOrInvalid(ResourceReader.readId(tree), tree);

    assertThat(invalid)
        .isInstanceOfSatisfying(
            Resource.Invalid.class,
            kept -> {
              assertThat(kept.match()).isNull();
              assertThat(kept.action()).isEqualTo(Action.ENFORCE);
            });
  }

  private static ReferrerPolicySpec policySpec(String yaml) throws InvalidResourceException {
    var policy =
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: p}
        spec: {%s}
        """
            .formatted(yaml);
    return ((Resource.Policy) ResourceReader.read(Yaml.parse(policy))).spec();
  }
}
