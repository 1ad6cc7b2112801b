package dev.referee.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.api.v1alpha1.CertificatesSpec;
import dev.referee.api.v1alpha1.GroupSpec;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.KeylessSpec;
import dev.referee.api.v1alpha1.ProofSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.api.v1alpha1.SigstoreTrustSpec;
import dev.referee.api.v1alpha1.TrustRootSpec;
import dev.referee.api.v1alpha1.ValueSpec;
import dev.referee.api.v1alpha1.X509IdentitySpec;
import dev.referee.api.v1alpha1.X509Spec;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.Samples;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What real cosign signed with a certificate of an authority of one's own, as a bundle and in its
/// older form, is accepted by policies that name its signer, and refused by near misses.
class CertificateSamplesTest {
  private static final String BUNDLE = "cosign-v3-cert-tsa";
  private static final String LAYER = "cosign-legacy-cert-tsa";

  /// The timestamps do not bring their signer's certificate along.
  private static final String TSA = "tsa.pem root.pem";

  private static final String ALICE = "alice@example.com";
  private static final String ALICE_DN = "CN=alice,OU=Rel,O=Acme\\, Inc,ST=WA,C=US";

  /// Within the life of the certificate, and long after.
  private static final Instant THEN = Instant.parse("2026-12-01T00:00:00Z");

  private static final Instant LATER = Instant.parse("2031-01-01T00:00:00Z");

  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    folder = Samples.folder().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void acceptsTheSignerByItsSubjectOrDistinguishedName(String sample) throws IOException {
    for (var identity :
        List.of(
            new X509IdentitySpec(ALICE, null, null, null),
            new X509IdentitySpec(null, ".*@example[.]com", null, null),
            new X509IdentitySpec(null, null, ALICE_DN, null),
            new X509IdentitySpec(ALICE, null, null, "CN=alice,.*,C=US"))) {
      assertAllowed(sample, LATER, signer("alice", x509(timestamped(), identity)));
    }
  }

  /// The certificate has ended, and only a timestamp says that it had not when it was used.
  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void withoutTimestampAuthorityACertificateCountsWhileItIsValid(String sample) throws IOException {
    var signer = signer("alice", x509(certificates("csroot.pem", null), identity(ALICE)));

    var met = assertAllowed(sample, THEN, signer);

    assertThat(met.until()).isEqualTo(Instant.parse("2027-11-23T16:34:21Z"));
    assertDenied(sample, LATER, Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME, signer);
    // N62: not yet.
    assertDenied(
        sample,
        Instant.parse("2026-11-01T00:00:00Z"),
        Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        signer);
  }

  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void refusesAnotherIdentity(String sample) throws IOException {
    for (var identity :
        List.of(
            new X509IdentitySpec("bob@example.com", null, null, null),
            // Anchored at both ends.
            new X509IdentitySpec(null, "alice@example", null, null),
            new X509IdentitySpec(null, "lice@example[.]com", null, null),
            // Conjunctive: each one alone must be able to fail.
            new X509IdentitySpec(ALICE, null, "CN=bob", null),
            new X509IdentitySpec(ALICE, "bob.*", null, null))) {
      assertDenied(
          sample, THEN, Reason.IDENTITY_MISMATCH, signer("alice", x509(timestamped(), identity)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void refusesAnotherAuthority(String sample) throws IOException {
    // The authority of timestamps issues no certificates for code.
    assertDenied(
        sample,
        THEN,
        Reason.UNTRUSTED_CERTIFICATE,
        signer("alice", x509(certificates("root.pem", TSA), identity(ALICE))));
    assertDenied(
        sample,
        THEN,
        Reason.TIMESTAMP_UNTRUSTED,
        signer("alice", x509(certificates("csroot.pem", "csroot.pem"), identity(ALICE))));
  }

  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void acceptsAnAuthorityByItsTrustRoot(String sample) throws IOException {
    var root = trustRoot("acme", new TrustRootSpec(null, certificates("csroot.pem", TSA)));
    var signer =
        signer("alice", SignerSpec.of(new X509Spec("acme", null, List.of(identity(ALICE)))));

    assertAllowed(sample, LATER, root, signer);
  }

  /// The same trust as a TrustedRoot in JSON; the certificate names no issuer, so that no identity
  /// holds: an absent claim matches nothing, unlike cosign's `.*`.
  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void anAbsentIssuerMatchesNoPattern(String sample) throws IOException {
    var anybody = keyless("private", null, ".*", null, ".*");

    assertDenied(sample, THEN, Reason.IDENTITY_MISMATCH, sigstore(new ProofSpec(0, 0, 1)), anybody);
    // What is asked for first is what the certificate does not have.
    assertDenied(sample, THEN, Reason.SCT_MISSING, sigstore(new ProofSpec(0, 1, 1)), anybody);
    assertDenied(sample, THEN, Reason.LOG_ENTRY_MISSING, sigstore(ProofSpec.STRICT), anybody);
    assertDenied(sample, THEN, Reason.TIMESTAMP_MISSING, sigstore(new ProofSpec(0, 0, 2)), anybody);
  }

  /// N32: the certificate's own key, as a key.
  @ParameterizedTest
  @ValueSource(strings = {BUNDLE, LAYER})
  void aCertificateIsNoKeyAndAKeyNoCertificate(String sample) throws IOException {
    var key = signer("leaf", new SignerSpec(KeySpec.of(read("leaf.pub"), null)));
    assertDenied(sample, THEN, Reason.CERTIFICATE_INSTEAD_OF_KEY, key);

    assertDenied(
        "cosign-legacy-sig",
        THEN,
        Reason.KEY_INSTEAD_OF_CERTIFICATE,
        signer("alice", x509(timestamped(), identity(ALICE))));
  }

  /// N47: a key that a policy names counts within its window.
  @Test
  void n47RefusesAKeyThatHasEndedOrNotBegun() throws IOException {
    var key = KeySpec.of(read("cosign.pub"), null);
    var end = THEN.plusSeconds(60);

    var met =
        assertAllowed(
            "cosign-legacy-sig", THEN, signer("ci", new SignerSpec(key.within(null, end))));
    assertThat(met.until()).isEqualTo(end);
    for (var ended :
        List.of(
            new SignerSpec(key.within(null, THEN)),
            new SignerSpec(key.within(THEN.plusSeconds(1), null)),
            new SignerSpec(key).within(null, THEN),
            new SignerSpec(key).within(THEN.plusSeconds(1), null))) {
      assertDenied("cosign-legacy-sig", THEN, Reason.SIGNER_OUTSIDE_VALIDITY, signer("ci", ended));
    }
  }

  /// A trust root that proves nothing about it, because it names no log, leaves the key.
  @Test
  void aKeyThatHasToBeLoggedIsNotWithoutLog() throws IOException {
    var key = KeySpec.of(read("cosign.pub"), null);
    var logged = new KeySpec(key.publicKey(), null, null, null, "private", null, null);

    for (var sample : List.of("cosign-legacy-sig", "cosign-v3-sign-key-notlog")) {
      assertDenied(
          sample,
          THEN,
          Reason.LOG_ENTRY_MISSING,
          sigstore(ProofSpec.STRICT),
          signer("ci", new SignerSpec(logged)));
      assertAllowed(
          sample, THEN, sigstore(new ProofSpec(0, 0, 0)), signer("ci", new SignerSpec(logged)));
    }
  }

  /// The older form takes several signatures of several kinds; here two images' worth of evidence
  /// stand in one repository.
  @Test
  void aGroupCountsAcrossFormats() throws IOException {
    var key = signer("key", new SignerSpec(KeySpec.of(read("cosign.pub"), null)));
    var other = signer("other", new SignerSpec(KeySpec.of(read("leaf.pub"), null)));
    var alice = signer("alice", x509(timestamped(), identity(ALICE)));
    var repository = Samples.repository(folder.resolve(BUNDLE));
    Samples.load(repository, folder.resolve("cosign-legacy-sig"));

    var both = group("both", null, "key", "alice");
    var twoOfThree = group("two-of-three", 2, "key", "other", "alice");
    var allThree = group("all-three", null, "key", "other", "alice");
    var nested = group("nested", null, "inner", "alice");
    var inner = group("inner", 1, "key", "other");
    var signers = List.of(key, other, alice, both, twoOfThree, allThree, nested, inner);

    for (var accepted : List.of("both", "two-of-three", "nested")) {
      var decision = decide(repository, THEN, accepted, signers);
      assertThat(decision.admits()).as(DecisionText.tree(decision)).isTrue();
    }
    assertThat(unmet(decide(repository, THEN, "all-three", signers)))
        .isEqualTo(Reason.THRESHOLD_NOT_REACHED);
    // n-1 of n.
    var alone = Samples.repository(folder.resolve(BUNDLE));
    assertThat(unmet(decide(alone, THEN, "both", signers))).isEqualTo(Reason.THRESHOLD_NOT_REACHED);
  }

  /// One person whom two signers of a policy describe has signed once.
  @Test
  void onePersonIsOneSignerHoweverManyPatternsTheyMatch() throws IOException {
    var byName = signer("by-name", x509(timestamped(), identity(ALICE)));
    var byPattern =
        signer(
            "by-pattern",
            x509(timestamped(), new X509IdentitySpec(null, ".*@example[.]com", null, null)));
    var signers = List.of(byName, byPattern, group("both", null, "by-name", "by-pattern"));
    var repository = Samples.repository(folder.resolve(BUNDLE));
    Samples.load(repository, folder.resolve(LAYER));

    assertThat(decide(repository, THEN, "by-name", signers).admits()).isTrue();
    assertThat(decide(repository, THEN, "by-pattern", signers).admits()).isTrue();
    assertThat(unmet(decide(repository, THEN, "both", signers)))
        .isEqualTo(Reason.THRESHOLD_NOT_REACHED);
  }

  private Outcome.Met assertAllowed(String sample, Instant now, Resource... objects)
      throws IOException {
    var decision = decide(sample, now, objects);
    assertThat(decision.admits()).as(DecisionText.tree(decision)).isTrue();
    return (Outcome.Met)
        decision.findings().policies().getFirst().requirements().getFirst().outcome();
  }

  private void assertDenied(String sample, Instant now, Reason reason, Resource... objects)
      throws IOException {
    var decision = decide(sample, now, objects);
    assertThat(unmet(decision)).as(DecisionText.tree(decision)).isEqualTo(reason);
  }

  private static Reason unmet(Decision decision) {
    assertThat(decision.admits()).as(DecisionText.tree(decision)).isFalse();
    return ((Outcome.Unmet)
            decision.findings().policies().getFirst().requirements().getFirst().outcome())
        .reason();
  }

  /// The last object is the signer that the policy names.
  private Decision decide(String sample, Instant now, Resource... objects) throws IOException {
    return decide(
        Samples.repository(folder.resolve(sample)),
        now,
        objects[objects.length - 1].id().name(),
        List.of(objects));
  }

  private static Decision decide(
      MemoryRepository repository, Instant now, String signer, List<Resource> objects) {
    return new Judge(repository, InstantSource.fixed(now))
        .decide(
            Samples.SUBJECT, Policies.of(objects, Duration.ofSeconds(20), Policies.signed(signer)));
  }

  private static Resource signer(String name, SignerSpec spec) {
    return new Resource.Signer(ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, name), spec);
  }

  private static Resource trustRoot(String name, TrustRootSpec spec) {
    return new Resource.TrustRoot(
        ResourceId.clusterWide(ResourceKind.CLUSTER_TRUST_ROOT, name), spec);
  }

  private static Resource group(String name, @Nullable Integer threshold, String... members) {
    return signer(name, SignerSpec.of(new GroupSpec(List.of(members), threshold)));
  }

  private static SignerSpec x509(CertificatesSpec certificates, X509IdentitySpec identity) {
    return SignerSpec.of(new X509Spec(null, certificates, List.of(identity)));
  }

  private static X509IdentitySpec identity(String subject) {
    return new X509IdentitySpec(subject, null, null, null);
  }

  private CertificatesSpec timestamped() throws IOException {
    return certificates("csroot.pem", TSA);
  }

  private CertificatesSpec certificates(String authorities, @Nullable String timestampAuthorities)
      throws IOException {
    return new CertificatesSpec(
        ValueSpec.of(read(authorities)),
        timestampAuthorities == null ? null : ValueSpec.of(read(timestampAuthorities)));
  }

  private Resource sigstore(ProofSpec prove) throws IOException {
    return trustRoot(
        "private",
        new TrustRootSpec(new SigstoreTrustSpec(ValueSpec.of(read("tr.json")), prove), null));
  }

  private static Resource keyless(
      String root,
      @Nullable String issuer,
      @Nullable String issuerPattern,
      @Nullable String subject,
      @Nullable String subjectPattern) {
    return signer(
        "anybody",
        SignerSpec.of(
            new KeylessSpec(
                root, List.of(Identities.of(issuer, issuerPattern, subject, subjectPattern)))));
  }

  private String read(String files) throws IOException {
    var text = new StringBuilder();
    for (var file : files.split(" ", -1)) {
      text.append(Files.readString(folder.resolve(file), StandardCharsets.UTF_8));
    }
    return text.toString();
  }
}
