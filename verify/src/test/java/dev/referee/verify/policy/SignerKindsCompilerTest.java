package dev.referee.verify.policy;

import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_SIGNER;
import static dev.referee.api.v1alpha1.ResourceKind.CLUSTER_TRUST_ROOT;
import static dev.referee.api.v1alpha1.ResourceKind.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.CertificatesSpec;
import dev.referee.api.v1alpha1.GroupSpec;
import dev.referee.api.v1alpha1.KeyReference;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.KeylessSpec;
import dev.referee.api.v1alpha1.ProofSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.SigstoreTrustSpec;
import dev.referee.api.v1alpha1.TrustRootSpec;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.api.v1alpha1.X509IdentitySpec;
import dev.referee.api.v1alpha1.X509Spec;
import dev.referee.testing.SigningKey;
import dev.referee.verify.Identities;
import dev.referee.verify.Policies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trust roots, signers by certificate and groups: what makes no sense is named, and denies.
class SignerKindsCompilerTest {
  private static final String EMPTY_ROOT =
      "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}";

  @Test
  void aSignerOfATrustRootIsUsable() {
    var set = compile(root("r", EMPTY_ROOT), keyless("s", "r", "alice"));

    assertThat(set.problems()).isEmpty();
    assertThat(firstRequirement(set)).isInstanceOf(Requirement.Signature.class);
  }

  /// Also in the other order: objects come in none.
  @Test
  void theOrderOfObjectsDoesNotMatter() {
    var set =
        compile(
            group("s", null, "a", "b"),
            keyless("a", "r", "alice"),
            key("b"),
            root("r", EMPTY_ROOT));

    assertThat(set.problems()).isEmpty();
  }

  @Test
  void aMissingTrustRootIsNamed() {
    var set = compile(keyless("s", "r", "alice"));

    assertProblem(
        set, CLUSTER_SIGNER + "/s", Problem.UNKNOWN_TRUST_ROOT, "there is no ClusterTrustRoot/r");
    assertThat(firstRequirement(set)).isInstanceOf(Requirement.Broken.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "nonsense", "{\"mediaType\":\"text/plain\"}"})
  void aTrustRootThatIsNoneIsNamedAndSoIsWhoNamesIt(String content) {
    var set = compile(root("r", content.isEmpty() ? " " : content), keyless("s", "r", "alice"));

    assertProblem(set, CLUSTER_TRUST_ROOT + "/r", Problem.INVALID_TRUST_ROOT, "");
    assertProblem(set, CLUSTER_SIGNER + "/s", Problem.INVALID_TRUST_ROOT, "cannot be used");
    assertThat(firstRequirement(set)).isInstanceOf(Requirement.Broken.class);
  }

  @Test
  void aTrustRootWhoseConfigMapIsMissingIsNamed() {
    var spec =
        new TrustRootSpec(
            new SigstoreTrustSpec(
                new ValueSpec(null, null, new KeyReference("roots", "public.json")), null),
            null);
    var set = compile(new Resource.TrustRoot(rootId("r"), spec), keyless("s", "r", "alice"));

    assertProblem(set, CLUSTER_TRUST_ROOT + "/r", Problem.REFERENCE_NOT_FOUND, "ConfigMap roots");
  }

  @Test
  void aTrustRootOfTheOtherKindDoesNotDo() {
    var x509 =
        signer(
            "s",
            SignerSpec.of(
                new X509Spec("r", null, List.of(new X509IdentitySpec("a", null, null, null)))));

    assertProblem(
        compile(root("r", EMPTY_ROOT), x509),
        CLUSTER_SIGNER + "/s",
        Problem.INVALID_TRUST_ROOT,
        "has no certificates");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
      })
  void certificatesThatAreNoneAreNamed(String pem) {
    var x509 =
        signer(
            "s",
            SignerSpec.of(
                new X509Spec(
                    null,
                    new CertificatesSpec(ValueSpec.of(pem), null),
                    List.of(new X509IdentitySpec("a", null, null, null)))));

    assertProblem(compile(x509), CLUSTER_SIGNER + "/s", Problem.INVALID_TRUST_ROOT, "");
  }

  @Test
  void aGroupOfItselfIsNamedAndDenies() {
    var direct = compile(group("s", null, "s"));
    assertProblem(direct, CLUSTER_SIGNER + "/s", Problem.CIRCULAR_GROUP, "member of itself");

    var round =
        compile(
            group("s", 1, "key", "t"), group("t", null, "u"), group("u", null, "s"), key("key"));
    assertProblem(round, CLUSTER_SIGNER + "/s", Problem.CIRCULAR_GROUP, "member of itself");
    assertThat(firstRequirement(round)).isInstanceOf(Requirement.Broken.class);
  }

  @Test
  void aGroupOfSomebodyUnknownIsNamed() {
    assertProblem(
        compile(group("s", 1, "a", "nobody"), key("a")),
        CLUSTER_SIGNER + "/s",
        Problem.UNKNOWN_SIGNER,
        "nobody");
  }

  /// Whoever stands in two groups would count twice.
  @Test
  void aSignerInTwoGroupsIsRefused() {
    var set =
        compile(
            group("s", 2, "x", "y"),
            group("x", 1, "a", "b"),
            group("y", 1, "a", "c"),
            key("a"),
            key("b"),
            key("c"));

    assertProblem(set, CLUSTER_SIGNER + "/s", Problem.DUPLICATE_SIGNER, "a counts twice");
  }

  @Test
  void oneSignerUnderTwoNamesIsRefused() {
    var set =
        compile(
            group("s", 2, "a", "b"),
            keyless("a", "r", "alice"),
            keyless("b", "r", "alice"),
            root("r", EMPTY_ROOT));

    assertProblem(set, CLUSTER_SIGNER + "/s", Problem.DUPLICATE_SIGNER, "are one signer");

    var pem = SigningKey.p256().publicKeyPem();
    var keys =
        compile(
            group("s", 2, "a", "b"),
            signer("a", new SignerSpec(KeySpec.of(pem, null))),
            signer("b", new SignerSpec(KeySpec.of(pem, null))));
    assertProblem(keys, CLUSTER_SIGNER + "/s", Problem.DUPLICATE_KEY, "are one key");
  }

  /// A namespace's group may use the cluster's signers; the cluster's may not use a namespace's.
  @Test
  void membersAreFoundInTheScopeOfTheGroup() {
    var local =
        new Resource.Signer(
            new ResourceId(SIGNER, "shop", "local"),
            new SignerSpec(KeySpec.of(SigningKey.p256().publicKeyPem(), null)));
    var localGroup =
        new Resource.Signer(
            new ResourceId(SIGNER, "shop", "team"),
            SignerSpec.of(new GroupSpec(List.of("local", "a"), null)));
    var set = compile(group("s", null, "local"), key("a"), local, localGroup);

    assertProblem(set, CLUSTER_SIGNER + "/s", Problem.UNKNOWN_SIGNER, "local");
    assertThat(set.problems()).noneMatch(problem -> problem.object().equals(localGroup.id()));
  }

  @Test
  void moreSignersThanAnybodyOverseesAreRefused() {
    var objects = new ArrayList<Resource>();
    var names = new ArrayList<String>();
    for (int i = 0; i < 65; i++) {
      names.add("k" + i);
      objects.add(keyless("k" + i, "r", "person" + i));
    }
    objects.addFirst(signer("s", SignerSpec.of(new GroupSpec(names, 1))));
    objects.add(root("r", EMPTY_ROOT));

    assertProblem(
        compile(objects.toArray(Resource[]::new)),
        CLUSTER_SIGNER + "/s",
        Problem.TOO_MANY_SIGNERS,
        "65 signers");
  }

  /// What was proven by one trust root is not known by another: the requirement, which proofs are
  /// remembered by, is another one.
  @Test
  void trustMaterialIsPartOfWhatProofsAreRememberedBy() {
    var one = firstRequirement(compile(root("r", EMPTY_ROOT), keyless("s", "r", "alice")));

    assertThat(firstRequirement(compile(root("r", EMPTY_ROOT), keyless("s", "r", "alice"))))
        .isEqualTo(one);
    assertThat(firstRequirement(compile(root("r", EMPTY_ROOT + " "), keyless("s", "r", "alice"))))
        .isNotEqualTo(one);
    assertThat(firstRequirement(compile(root("r", EMPTY_ROOT), keyless("s", "r", "bob"))))
        .isNotEqualTo(one);
    var lenient =
        new Resource.TrustRoot(
            rootId("r"),
            new TrustRootSpec(
                new SigstoreTrustSpec(ValueSpec.of(EMPTY_ROOT), new ProofSpec(0, 1, 0)), null));
    assertThat(firstRequirement(compile(lenient, keyless("s", "r", "alice")))).isNotEqualTo(one);
  }

  private static PolicySet compile(Resource... signers) {
    return Policies.of(Arrays.asList(signers), Policies.signed("s"));
  }

  private static Requirement firstRequirement(PolicySet set) {
    return set.policies().getFirst().requirements().getFirst();
  }

  private static void assertProblem(PolicySet set, String object, String reason, String message) {
    assertThat(set.problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.object()).hasToString(object);
              assertThat(problem.reason()).isEqualTo(reason);
              assertThat(problem.message()).contains(message);
            });
  }

  private static ResourceId rootId(String name) {
    return ResourceId.clusterWide(CLUSTER_TRUST_ROOT, name);
  }

  private static Resource root(String name, String content) {
    return new Resource.TrustRoot(
        rootId(name), new TrustRootSpec(new SigstoreTrustSpec(ValueSpec.of(content), null), null));
  }

  private static Resource signer(String name, SignerSpec spec) {
    return new Resource.Signer(ResourceId.clusterWide(CLUSTER_SIGNER, name), spec);
  }

  private static Resource key(String name) {
    return signer(name, new SignerSpec(KeySpec.of(SigningKey.p256().publicKeyPem(), null)));
  }

  private static Resource keyless(String name, String root, String subject) {
    return signer(
        name,
        SignerSpec.of(
            new KeylessSpec(root, List.of(Identities.of("https://issuer", null, subject, null)))));
  }

  private static Resource group(String name, @Nullable Integer threshold, String... members) {
    return signer(name, SignerSpec.of(new GroupSpec(List.of(members), threshold)));
  }
}
