package dev.referee.verify.sigstore;

import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STATEMENT;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.until;
import static dev.referee.verify.sigstore.Virtual.verify;
import static dev.referee.verify.sigstore.Virtual.verifyByKey;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.NamedReasons;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.sigstore.Virtual.Verification;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import java.io.IOException;
import java.util.AbstractList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reason that the sources of this package name is one that something brings about: a code
/// that nothing produces would be a promise to nobody, and a new one without a case fails here.
class ReasonCoverageTest {
  private static final VirtualSigstore SIGSTORE = Virtual.sigstore();
  private static final SeededKey KEY = SIGSTORE.newKey(SeededKey.Kind.P256);
  private static final SeededKey OTHER_KEY = SIGSTORE.newKey(SeededKey.Kind.P256);
  private static final Map<Reason, Verification> CASES = cases();

  private static Map<Reason, Verification> cases() {
    var cases = new EnumMap<Reason, Verification>(Reason.class);
    ofContent(cases);
    ofCertificates(cases);
    ofLogs(cases);
    ofTimes(cases);
    return cases;
  }

  private static void ofContent(Map<Reason, Verification> cases) {
    cases.put(Reason.MALFORMED_EVIDENCE, of(message().bundle(b -> b.remove("messageSignature"))));
    cases.put(
        Reason.UNSUPPORTED_EVIDENCE, of(message().bundle(b -> b.put("mediaType", "text/plain"))));
    cases.put(
        Reason.SUBJECT_MISMATCH,
        of(
            SIGSTORE.statement(
                new String(STATEMENT, US_ASCII)
                    .replaceFirst("\"[0-9a-f]{60}", "\"" + "0".repeat(60))
                    .getBytes(US_ASCII))));
    cases.put(Reason.UNTRUSTED_KEY, byKey(message().key(OTHER_KEY).withKeyAlone()));
    cases.put(
        Reason.SIGNATURE_INVALID,
        of(
            message()
                .bundle(b -> ((ObjectNode) b.path("messageSignature")).put("signature", "AAAA"))));
    cases.put(Reason.CERTIFICATE_INSTEAD_OF_KEY, byKey(message()));
    cases.put(Reason.KEY_INSTEAD_OF_CERTIFICATE, of(message().withKeyAlone()));
    cases.put(
        Reason.INTERNAL_ERROR,
        () ->
            Virtual.verifier(SIGSTORE.trustRoot(), STRICT)
                .verify(
                    Virtual.read(message().sign()),
                    new Artifact.Content(ARTIFACT),
                    new BrokenList()));
  }

  /// A bug of ours in the middle of a verification.
  private static final class BrokenList extends AbstractList<CertificateIdentity> {
    @Override
    public CertificateIdentity get(int index) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  private static void ofCertificates(Map<Reason, Verification> cases) {
    cases.put(Reason.UNTRUSTED_CERTIFICATE, of(message().issuedBy(KEY)));
    cases.put(
        Reason.CERTIFICATE_INVALID, of(message().certificate(c -> c.usage(0).withoutNames())));
    cases.put(
        Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        of(message().certificate(c -> c.valid(NOON.minusSeconds(9), NOON))));
    cases.put(
        Reason.IDENTITY_MISMATCH,
        of(message().certificate(c -> c.withoutNames().email("ann@acme.test"))));
    cases.put(Reason.SCT_MISSING, of(message().withoutCertificateTimestamp()));
    cases.put(Reason.SCT_UNTRUSTED, of(message().certificateTimestamp(t -> t.log(KEY))));
    cases.put(Reason.SCT_INVALID, of(message().certificateTimestamp(t -> t.signedBy(KEY))));
  }

  private static void ofLogs(Map<Reason, Verification> cases) {
    cases.put(Reason.LOG_ENTRY_MISSING, of(message().withoutEntries()));
    cases.put(Reason.LOG_UNKNOWN, of(message().entry(Virtual.stranger().rekor1(), _ -> {})));
    cases.put(
        Reason.LOG_ENTRY_MISMATCH,
        of(message().entry(SIGSTORE.rekor1(), e -> e.body(b -> b.put("kind", "dsse")))));
    cases.put(
        Reason.LOG_PROMISE_INVALID, of(message().entry(SIGSTORE.rekor1(), e -> e.promisedBy(KEY))));
    cases.put(
        Reason.LOG_OUTSIDE_VALIDITY,
        () -> verify(SIGSTORE.trustRoot(until("/tlogs/0/publicKey", NOON)), message(), STRICT));
    cases.put(
        Reason.INCLUSION_PROOF_MISSING,
        of(message().bundle(entry(e -> e.remove("inclusionProof")))));
    cases.put(
        Reason.INCLUSION_PROOF_INVALID,
        of(
            message()
                .bundle(entry(e -> ((ObjectNode) e.path("inclusionProof")).put("logIndex", "0")))));
    cases.put(
        Reason.CHECKPOINT_INVALID,
        of(message().entry(SIGSTORE.rekor1(), e -> e.checkpoint(c -> c.size(1)))));
    cases.put(
        Reason.TRUST_ROOT_INVALID,
        () ->
            verify(
                SIGSTORE.trustRoot(
                    root -> ((ObjectNode) root.at("/tlogs/0/publicKey")).put("keyDetails", "X")),
                message(),
                STRICT));
  }

  private static void ofTimes(Map<Reason, Verification> cases) {
    cases.put(Reason.TIME_UNPROVEN, of(message().entry(SIGSTORE.rekor2(), _ -> {})));
    cases.put(
        Reason.TIMESTAMP_MISSING,
        () -> verify(SIGSTORE.trustRoot(), message(), new ProofProfile(1, 1, 1)));
    cases.put(
        Reason.TIMESTAMP_UNTRUSTED,
        of(
            message()
                .entry(SIGSTORE.rekor2(), _ -> {})
                .timestamp(t -> t.by(Virtual.stranger().timestamps()))));
    cases.put(Reason.TIMESTAMP_INVALID, of(message().timestamp(t -> t.signedBy(KEY))));
    cases.put(Reason.TIMESTAMP_MISMATCH, of(message().timestamp(t -> t.of(ARTIFACT))));
    cases.put(
        Reason.TIMESTAMP_OUTSIDE_VALIDITY,
        () ->
            verify(
                SIGSTORE.trustRoot(until("/timestampAuthorities/0", NOON)),
                message().timestamp(_ -> {}),
                STRICT));
  }

  @Test
  void hasACaseForEveryReasonThatTheSourcesName() throws IOException {
    assertThat(NamedReasons.in("sigstore")).isEqualTo(CASES.keySet()).hasSizeGreaterThan(25);
  }

  static Set<Reason> reasons() {
    return CASES.keySet();
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void refusesForTheReason(Reason reason) {
    Virtual.refuses(reason, "", () -> requireNonNull(CASES.get(reason)).run());
  }

  private static Signing message() {
    return SIGSTORE.message(ARTIFACT);
  }

  private static Verification of(Signing signing) {
    return () -> verify(SIGSTORE, signing);
  }

  private static Verification byKey(Signing signing) {
    return () -> verifyByKey(SIGSTORE.trustRoot(), signing, KEY.publicKeyPem());
  }

  private static Consumer<ObjectNode> entry(Consumer<ObjectNode> change) {
    return bundle -> change.accept((ObjectNode) bundle.at("/verificationMaterial/tlogEntries/0"));
  }
}
