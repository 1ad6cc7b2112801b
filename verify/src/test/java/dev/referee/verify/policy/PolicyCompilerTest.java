package dev.referee.verify.policy;

import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_REFERRER_POLICY;
import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_SIGNER;
import static dev.referee.api.v1alpha1.ResourceKind.REFEREE_CONFIGURATION;
import static dev.referee.api.v1alpha1.ResourceKind.REFERRER_POLICY;
import static dev.referee.api.v1alpha1.ResourceKind.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.LabelSelectorSpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceReason;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.oci.Reference;
import dev.referee.testing.SigningKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyCompilerTest {
  private static final SigningKey KEY = SigningKey.p256();
  private static final SigningKey OTHER_KEY = SigningKey.p256();

  @Test
  void compilesInAnyOrder() {
    var set = compile(clusterPolicy("p", null, "ci"), clusterSigner("ci", KEY));

    assertThat(set.problems()).isEmpty();
    assertThat(set.policies())
        .singleElement()
        .satisfies(
            policy ->
                assertThat(policy.requirements())
                    .singleElement()
                    .isInstanceOf(Requirement.Signature.class));
  }

  @Test
  void anUnknownSignerBreaksTheRequirementAndNothingElse() {
    var set =
        compile(
            clusterPolicy("p", null, "nobody"),
            clusterPolicy("q", null, "ci"),
            clusterSigner("ci", KEY));

    assertThat(set.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo("UnknownSigner");
              assertThat(problem.object()).hasToString("ClusterReferrerPolicy/p");
              assertThat(problem.message()).contains("there is no signer \"nobody\"");
            });
    assertThat(requirements(set, "p")).hasOnlyElementsOfType(Requirement.Broken.class);
    assertThat(requirements(set, "q")).hasOnlyElementsOfType(Requirement.Signature.class);
  }

  @Test
  void anUnusableKeyIsAProblemOfTheSignerAndOfWhoNamesIt() {
    var signer =
        new Resource.Signer(
            ResourceId.clusterWide(CLUSTER_SIGNER, "ci"), new SignerSpec(KeySpec.of("x", null)));

    var set = compile(clusterPolicy("p", null, "ci"), signer);

    assertThat(set.problems())
        .extracting(Problem::reason)
        .containsExactlyInAnyOrder("InvalidKey", "InvalidSigner");
    assertThat(requirements(set, "p")).hasOnlyElementsOfType(Requirement.Broken.class);
  }

  /// CVE-2026-49834: a threshold counts who signed, and one key under two names is one who.
  @Test
  void oneKeyUnderTwoNamesCannotBeCountedTwice() {
    var set =
        compile(clusterPolicy("p", 2, "a", "b"), clusterSigner("a", KEY), clusterSigner("b", KEY));

    assertThat(set.problems()).extracting(Problem::reason).containsExactly("DuplicateKey");
    assertThat(requirements(set, "p")).hasOnlyElementsOfType(Requirement.Broken.class);
  }

  @Test
  void aNamespacesPolicyFindsItsOwnSignersThenTheClusters() {
    var set =
        compile(
            policy("shop", "p", "ci"),
            policy("shop", "q", "release"),
            policy("other", "r", "ci"),
            signer("shop", "ci", OTHER_KEY),
            clusterSigner("ci", KEY),
            clusterSigner("release", KEY));

    assertThat(set.problems()).isEmpty();
    assertThat(signerOf(set, "p")).hasToString("Signer/shop/ci");
    assertThat(signerOf(set, "q")).hasToString("ClusterSigner/release");
    assertThat(signerOf(set, "r")).hasToString("ClusterSigner/ci");
  }

  /// CVE-2025-24784 and its class: a tenant reaches nothing of another namespace.
  @Test
  void aNamespacesPolicyNeverFindsAnothersSigner() {
    var set = compile(policy("shop", "p", "ci"), signer("other", "ci", KEY));

    assertThat(set.problems()).extracting(Problem::reason).containsExactly("UnknownSigner");
  }

  @Test
  void aClusterPolicyNeverFindsANamespacesSigner() {
    var set = compile(clusterPolicy("p", null, "ci"), signer("shop", "ci", KEY));

    assertThat(set.problems()).extracting(Problem::reason).containsExactly("UnknownSigner");
  }

  @Test
  void aNamespacesPolicyIsAboutItsNamespaceAlone() {
    var set = compile(policy("shop", "p", "ci"), clusterSigner("ci", KEY));

    assertThat(set.matching(in("shop"))).hasSize(1);
    assertThat(set.matching(in("other"))).isEmpty();
    // Where the namespace is not known, it may be the one.
    assertThat(set.matching(ImageRequest.of(Reference.parse("nginx")))).hasSize(1);
  }

  @Test
  void aNamespacesPolicyMustNotSelectNamespaces() {
    var match = new MatchSpec(null, null, new LabelSelectorSpec(Map.of("a", "b"), null), null);
    var spec = new ReferrerPolicySpec(match, null, null, null, null, List.of(signed(null, "ci")));
    var set =
        compile(
            new Resource.Policy(new ResourceId(REFERRER_POLICY, "shop", "p"), spec),
            clusterSigner("ci", KEY));

    assertThat(set.problems())
        .extracting(Problem::reason)
        .containsExactly("NamespaceSelectorNotAllowed");
  }

  /// Two policies of one name in two scopes are two policies (kyverno#16731).
  @Test
  void keepsPoliciesOfOneNameInTwoScopesApart() {
    var set =
        compile(
            clusterPolicy("p", null, "ci"), policy("shop", "p", "ci"), clusterSigner("ci", KEY));

    assertThat(set.matching(in("shop"))).hasSize(2);
  }

  @Test
  void aPatternThatMakesNoSenseDeniesEverythingTheScopeHas() {
    var match = new MatchSpec(List.of("https://nonsense"), null, null, null);
    var set =
        compile(
            new Resource.Policy(
                ResourceId.clusterWide(CLUSTER_REFERRER_POLICY, "p"),
                new ReferrerPolicySpec(match, null, null, null, null, List.of(signed(null, "ci")))),
            clusterSigner("ci", KEY));

    assertThat(set.problems()).extracting(Problem::reason).containsExactly("InvalidPattern");
    assertThat(set.matching(in("shop"))).hasSize(1);
    assertThat(requirements(set, "p")).hasAtLeastOneElementOfType(Requirement.Broken.class);
  }

  @Test
  void anInvalidPolicyKeepsDenyingWhatItIsAbout() {
    var problem = new InvalidResourceException(ResourceReason.UNKNOWN_FIELD, "spec.x is unknown");
    var id = ResourceId.clusterWide(CLUSTER_REFERRER_POLICY, "p");
    var match = new MatchSpec(List.of("ghcr.io/**"), null, null, null);

    var set = compile(new Resource.Invalid(id, match, Action.ENFORCE, problem));

    assertThat(set.matching(ImageRequest.of(Reference.parse("ghcr.io/a/b")))).hasSize(1);
    assertThat(set.matching(ImageRequest.of(Reference.parse("nginx")))).isEmpty();
    assertThat(requirements(set, "p")).hasOnlyElementsOfType(Requirement.Broken.class);
    assertThat(set.problems()).extracting(Problem::reason).containsExactly("UnknownField");
  }

  @Test
  void anInvalidPolicyOfUnknownScopeDeniesEverything() {
    var problem = new InvalidResourceException(ResourceReason.UNKNOWN_FIELD, "spec.x is unknown");
    var id = ResourceId.clusterWide(CLUSTER_REFERRER_POLICY, "p");

    var set = compile(new Resource.Invalid(id, null, Action.ENFORCE, problem));

    assertThat(set.matching(in("anywhere"))).hasSize(1);
  }

  @Test
  void takesUnmatchedFromTheConfiguration() {
    var id = ResourceId.clusterWide(REFEREE_CONFIGURATION, "referee");
    var problem = new InvalidResourceException(ResourceReason.UNKNOWN_FIELD, "spec.x is unknown");

    assertThat(compile().unmatched()).isEqualTo(Unmatched.ALLOW);
    assertThat(
            compile(
                    new Resource.Configuration(
                        id, RefereeConfigurationSpec.unmatched(Unmatched.WARN)))
                .unmatched())
        .isEqualTo(Unmatched.WARN);
    // What was meant is not known, so the strictest holds.
    assertThat(compile(new Resource.Invalid(id, null, Action.ENFORCE, problem)).unmatched())
        .isEqualTo(Unmatched.DENY);
  }

  private static PolicySet compile(Resource... resources) {
    return PolicyCompiler.compile(List.of(resources), ReferencedValues.NONE);
  }

  private static ImageRequest in(String namespace) {
    return ImageRequest.in(namespace, Map.of(), Map.of(), Reference.parse("nginx"));
  }

  private static List<Requirement> requirements(PolicySet set, String name) {
    return set.policies().stream()
        .filter(policy -> policy.id().name().equals(name))
        .flatMap(policy -> policy.requirements().stream())
        .toList();
  }

  private static ResourceId signerOf(PolicySet set, String policy) {
    return ((Requirement.Signature) requirements(set, policy).getFirst())
        .by()
        .signers()
        .getFirst()
        .id();
  }

  private static Resource clusterPolicy(String name, @Nullable Integer threshold, String... by) {
    return new Resource.Policy(
        ResourceId.clusterWide(CLUSTER_REFERRER_POLICY, name),
        new ReferrerPolicySpec(null, null, null, null, null, List.of(signed(threshold, by))));
  }

  private static Resource policy(String namespace, String name, String by) {
    return new Resource.Policy(
        new ResourceId(REFERRER_POLICY, namespace, name),
        new ReferrerPolicySpec(null, null, null, null, null, List.of(signed(null, by))));
  }

  private static RequirementSpec signed(@Nullable Integer threshold, String... by) {
    return new RequirementSpec("signed", new SignedBySpec(List.of(by), threshold), null, null);
  }

  private static Resource clusterSigner(String name, SigningKey key) {
    return new Resource.Signer(
        ResourceId.clusterWide(CLUSTER_SIGNER, name),
        new SignerSpec(KeySpec.of(key.publicKeyPem(), null)));
  }

  private static Resource signer(String namespace, String name, SigningKey key) {
    return new Resource.Signer(
        new ResourceId(SIGNER, namespace, name),
        new SignerSpec(KeySpec.of(key.publicKeyPem(), null)));
  }
}
