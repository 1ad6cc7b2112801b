package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISSING;
import static dev.referee.verify.decision.Reason.LOG_PROMISE_INVALID;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SCT_MISSING;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIME_UNPROVEN;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.json.StrictJson;
import dev.referee.testing.SigningKey;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Case;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the sigstore-conformance suite has no case for: its good bundles, taken apart, put together
/// otherwise, and asked for more than they prove.
class BundleVerifierTest {
  private static final CertificateIdentity ANYBODY =
      CertificateIdentity.of(
          Map.of(), Map.of(CertificateClaim.SUBJECT, ".+", CertificateClaim.ISSUER, ".+"));

  @BeforeEach
  void findSuite() {
    assumeTrue(
        Conformance.folder().isPresent(), "SKIPPED: the sigstore-conformance suite is not there");
  }

  /// N12: the right signer, about another artifact.
  @Test
  void n12RefusesAStatementAboutAnotherArtifact() throws UnprovenException {
    var example = example("happy-path-intoto-in-dsse-v3");
    var bundle = BundleReader.read(example.bundle(), Conformance.MAX_BYTES);

    refuses(
        SUBJECT_MISMATCH,
        () ->
            new BundleVerifier(example.root(), ProofProfile.STRICT)
                .verify(bundle, new Artifact.Content(new byte[] {1}), List.of(ANYBODY)));
  }

  /// N26: a bundle speaks of one signature.
  @Test
  void n26RefusesTwoSignaturesInAnEnvelope() {
    var changed =
        changed(
            "happy-path-intoto-in-dsse-v3",
            bundle -> {
              var signatures = (ArrayNode) bundle.path("dsseEnvelope").path("signatures");
              signatures.add(signatures.get(0).deepCopy());
            });

    refuses(MALFORMED_EVIDENCE, () -> verify("happy-path-intoto-in-dsse-v3", changed));
  }

  /// N31: a key that is not the signer's, whatever the bundle hints at.
  @Test
  void n31RefusesAnotherKey() throws UnprovenException, UnusableKeyException {
    var example = example("managed-key-happy-path");
    var bundle = BundleReader.read(example.bundle(), Conformance.MAX_BYTES);
    var other = TrustedKey.parse(SigningKey.p256().publicKeyPem(), null);

    refuses(
        UNTRUSTED_KEY,
        () ->
            BundleVerifier.verifyByKeyAlone(
                bundle, new Artifact.Content(example.artifact()), other));
    var hinted =
        changed(
            "managed-key-happy-path",
            tree ->
                ((ObjectNode) tree.path("verificationMaterial").path("publicKey"))
                    .put("hint", other.hint()));
    refuses(
        SIGNATURE_INVALID,
        () ->
            BundleVerifier.verifyByKeyAlone(
                BundleReader.read(hinted, Conformance.MAX_BYTES),
                new Artifact.Content(example.artifact()),
                other));
  }

  /// N32: whoever signed with a certificate was not speaking as the holder of a key.
  @Test
  void n32RefusesACertificateForAKey() throws UnprovenException, UnusableKeyException {
    var example = example("happy-path-v0.3");
    var bundle = BundleReader.read(example.bundle(), Conformance.MAX_BYTES);
    var key = TrustedKey.parse(SigningKey.p256().publicKeyPem(), null);

    refuses(
        CERTIFICATE_INSTEAD_OF_KEY,
        () ->
            BundleVerifier.verifyByKeyAlone(bundle, new Artifact.Content(example.artifact()), key));
  }

  /// Nobody is not anybody: an empty list of identities accepts no one (N81).
  @Test
  void n81AcceptsNobodyWithoutIdentities() throws UnprovenException {
    var example = example("happy-path-v0.3");
    var bundle = BundleReader.read(example.bundle(), Conformance.MAX_BYTES);

    refuses(
        IDENTITY_MISMATCH,
        () ->
            new BundleVerifier(example.root(), ProofProfile.STRICT)
                .verify(bundle, new Artifact.Content(example.artifact()), List.of()));
  }

  /// N49 (CVE-2026-48816): the time of an entry is the log's word only with its promise.
  @Test
  void n49BelievesNoTimeWithoutPromise() {
    var without = changed("happy-path-v0.3", tree -> entry(tree).remove("inclusionPromise"));
    var later = changed("happy-path-v0.3", tree -> entry(tree).put("integratedTime", "1700000000"));

    refuses(TIME_UNPROVEN, () -> verify("happy-path-v0.3", without));
    refuses(LOG_PROMISE_INVALID, () -> verify("happy-path-v0.3", later));
  }

  /// N51: the first version of bundles may lack the proof, never the promise too.
  @Test
  void n51NeedsPromiseOrProof() throws UnprovenException, UnusableKeyException {
    var promised = changed("happy-path-v0.1", tree -> entry(tree).remove("inclusionProof"));
    var bare =
        changed(
            "happy-path-v0.1",
            tree -> entry(tree).remove(List.of("inclusionProof", "inclusionPromise")));
    var second = changed("happy-path-v0.2", tree -> entry(tree).remove("inclusionProof"));

    assertThat(example("happy-path-v0.1").verify(promised, false).times()).hasSize(1);
    refuses(INCLUSION_PROOF_MISSING, () -> verify("happy-path-v0.1", bare));
    refuses(INCLUSION_PROOF_MISSING, () -> verify("happy-path-v0.2", second));
  }

  /// N57 (CVE-2026-49834): one log, or one authority, that says it twice has said it once.
  @Test
  void n57CountsLogsAndAuthoritiesNotEntries() {
    var twice =
        changed(
            "happy-path-v0.3",
            tree -> {
              var entries = (ArrayNode) tree.path("verificationMaterial").path("tlogEntries");
              entries.add(entries.get(0).deepCopy());
            });
    var stamped =
        changed(
            "rekor2-happy-path",
            tree -> {
              var stamps =
                  (ArrayNode)
                      tree.path("verificationMaterial")
                          .path("timestampVerificationData")
                          .path("rfc3161Timestamps");
              stamps.add(stamps.get(0).deepCopy());
            });

    refuses(LOG_ENTRY_MISSING, () -> verify("happy-path-v0.3", twice, new ProofProfile(2, 1, 0)));
    refuses(
        TIMESTAMP_MISSING, () -> verify("rekor2-happy-path", stamped, new ProofProfile(1, 1, 2)));
  }

  /// N60: fewer logs of certificates than asked for.
  @Test
  void n60CountsLogsOfCertificates() {
    var bundle = example("happy-path-v0.3").bundle();

    refuses(SCT_MISSING, () -> verify("happy-path-v0.3", bundle, new ProofProfile(1, 2, 0)));
  }

  /// Without any entry the log is missing, whatever else is there.
  @Test
  void needsALogEntryWhereTheProfileSaysSo() throws UnprovenException {
    var without =
        changed(
            "rekor2-happy-path",
            tree -> ((ObjectNode) tree.path("verificationMaterial")).remove("tlogEntries"));

    refuses(LOG_ENTRY_MISSING, () -> verify("rekor2-happy-path", without));
    // As GitHub's instance for private repositories works: timestamps, and no log.
    assertThat(verify("rekor2-happy-path", without, new ProofProfile(0, 1, 1)).times()).hasSize(1);
  }

  private static Case example(String name) {
    return Conformance.cases().stream()
        .filter(example -> example.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static VerifiedBundle verify(String name, byte[] bundle) throws UnprovenException {
    return verify(name, bundle, ProofProfile.STRICT);
  }

  private static VerifiedBundle verify(String name, byte[] bundle, ProofProfile profile)
      throws UnprovenException {
    var example = example(name);
    return new BundleVerifier(example.root(), profile)
        .verify(
            BundleReader.read(bundle, Conformance.MAX_BYTES),
            new Artifact.Content(example.artifact()),
            List.of(ANYBODY));
  }

  private static byte[] changed(String name, Consumer<ObjectNode> change) {
    var tree = StrictJson.readObject(example(name).bundle(), Conformance.MAX_BYTES).node();
    change.accept(tree);
    return tree.toString().getBytes(UTF_8);
  }

  private static ObjectNode entry(ObjectNode bundle) {
    return (ObjectNode) bundle.path("verificationMaterial").path("tlogEntries").path(0);
  }

  private static void refuses(Reason reason, ThrowingCallable verification) {
    assertThatThrownBy(verification)
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> assertThat(e.reason()).as(e.sentence()).isEqualTo(reason));
  }
}
