package dev.referee.verify.notation;

import static dev.referee.verify.pki.CertificateShape.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.verify.NamedReasons;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.pki.MemoryRevocation;
import dev.referee.verify.signature.UnprovenException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.x509.CRLReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reason that the sources of Notation and of revocation name is one that something brings
/// about, each by one change to what is proven otherwise.
class NotationReasonsTest {
  private static final String LIST = "http://lists.example/ca.crl";

  interface Change {
    EnvelopeShape to(EnvelopeShape shape, Notary notary);
  }

  private static final Map<Reason, Change> CASES = cases();

  private static Map<Reason, Change> cases() {
    var cases = new EnumMap<Reason, Change>(Reason.class);
    cases.put(Reason.MALFORMED_EVIDENCE, (shape, _) -> shape.payload("{}"));
    cases.put(Reason.UNSUPPORTED_EVIDENCE, (shape, _) -> shape.contentType("application/json"));
    cases.put(Reason.SIGNATURE_INVALID, (shape, _) -> shape.signature(s -> new byte[s.length]));
    cases.put(
        Reason.SUBJECT_MISMATCH,
        (shape, notary) -> {
          notary.artifact = Descriptor.of(MediaType.OCI_MANIFEST, new byte[] {1});
          return shape;
        });
    cases.put(Reason.SIGNATURE_EXPIRED, (shape, _) -> shape.expiry(NOW));
    ofCertificates(cases);
    ofTimes(cases);
    return cases;
  }

  private static void ofCertificates(Map<Reason, Change> cases) {
    cases.put(
        Reason.CERTIFICATE_INVALID,
        (_, notary) -> signed(CertificateShape.signer(Notary.SUBJECT).usage(0), notary));
    cases.put(
        Reason.UNTRUSTED_CERTIFICATE,
        (shape, notary) -> {
          notary.authorities = List.of(notary.timestampRoot.certificate());
          return shape;
        });
    cases.put(
        Reason.IDENTITY_MISMATCH,
        (shape, notary) -> {
          notary.identities = List.of("x509.subject: C=US, ST=NY, O=Acme");
          return shape;
        });
    cases.put(
        Reason.CERTIFICATE_REVOKED,
        (_, notary) -> {
          var signer = CertificateShape.signer(Notary.SUBJECT).list(LIST).issuedBy(notary.root);
          var list =
              ListShape.of(notary.root).revoke(signer.certificate(), CRLReason.keyCompromise);
          notary.revocation = new MemoryRevocation().put(LIST, list.der());
          return new EnvelopeShape(Format.JWS, signer);
        });
    cases.put(
        Reason.REVOCATION_UNKNOWN,
        (_, notary) -> signed(CertificateShape.signer(Notary.SUBJECT).list(LIST), notary));
  }

  private static void ofTimes(Map<Reason, Change> cases) {
    cases.put(
        Reason.CERTIFICATE_NOT_VALID_NOW,
        (shape, notary) -> {
          notary.now = NOW.plus(Duration.ofDays(1000));
          return shape;
        });
    cases.put(
        Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        (shape, notary) ->
            trusting(shape, notary).timestamp(notary.timestamper, NOW.plus(Duration.ofDays(1000))));
    cases.put(Reason.TIMESTAMP_MISSING, NotationReasonsTest::trusting);
    cases.put(
        Reason.TIMESTAMP_INVALID,
        (shape, notary) -> trusting(shape, notary).unsigned(Headers.TIMESTAMP_SIGNATURE, "AQID"));
    cases.put(
        Reason.TIMESTAMP_UNTRUSTED,
        (shape, notary) -> {
          notary.timestampAuthorities = List.of(new Notary().timestampRoot.certificate());
          return shape.timestamp(notary.timestamper, NOW);
        });
  }

  private static EnvelopeShape signed(CertificateShape signer, Notary notary) {
    return new EnvelopeShape(Format.JWS, signer.issuedBy(notary.root));
  }

  private static EnvelopeShape trusting(EnvelopeShape shape, Notary notary) {
    notary.timestampAuthorities = List.of(notary.timestampRoot.certificate());
    return shape;
  }

  @Test
  void hasACaseForEveryReasonThatTheSourcesName() throws IOException {
    assertThat(NamedReasons.in("notation", "revocation"))
        .isEqualTo(CASES.keySet())
        .hasSizeGreaterThan(14);
  }

  /// Without the change there is nothing to refuse.
  @Test
  void provesWhatNothingIsWrongWith() throws UnprovenException {
    var notary = new Notary();

    assertThat(notary.verify(Format.JWS, notary.envelope(Format.JWS)).failures()).isEmpty();
  }

  static Set<Reason> reasons() {
    return CASES.keySet();
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void refusesForTheReason(Reason reason) {
    var notary = new Notary();
    var shape = requireNonNull(CASES.get(reason)).to(notary.envelope(Format.JWS), notary);

    notary.refuses(Format.JWS, shape, reason, "");
  }
}
