package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.REVOCATION_UNKNOWN;
import static dev.referee.verify.decision.Reason.SIGNATURE_EXPIRED;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIMESTAMP_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static dev.referee.verify.notation.Validation.AUTHENTICITY;
import static dev.referee.verify.notation.Validation.AUTHENTIC_TIMESTAMP;
import static dev.referee.verify.notation.Validation.EXPIRY;
import static dev.referee.verify.notation.Validation.REVOCATION;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.pki.MemoryRevocation;
import dev.referee.verify.pki.Timestamper;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Issuers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Who is trusted, when it was signed, and what follows where that fails.
class NotationVerifierTest {
  private static final String LIST = "http://lists.example/ca.crl";

  private final Notary notary = new Notary();

  private EnvelopeShape envelope() {
    return notary.envelope(Format.JWS);
  }

  private NotationSignature verify(EnvelopeShape shape) throws UnprovenException {
    return notary.verify(Format.JWS, shape);
  }

  private void refuses(EnvelopeShape shape, Reason reason, String words) {
    notary.refuses(Format.JWS, shape, reason, words);
  }

  /// N66: an authority that tells the time is trusted by its own store only, and a signer of a `ca`
  /// store cannot pass for one.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n66TrustsEachSchemeByItsOwnStores(Format format) throws UnprovenException {
    var byAuthority = notary.envelope(format).bySigningAuthority(NOW.minusSeconds(60));
    notary.refuses(format, byAuthority, UNTRUSTED_CERTIFICATE, "no trust store for this scheme");

    notary.authorities = List.of();
    notary.signingAuthorities = List.of(notary.root.certificate());
    var proven = notary.verify(format, byAuthority);
    // Its word on when it signed is proof, so the end of certificates does not matter.
    assertThat(proven.until()).isEqualTo(Instant.MAX);
    notary.refuses(
        format, notary.envelope(format), UNTRUSTED_CERTIFICATE, "no trust store for this scheme");
  }

  @Test
  void believesTheTimeOfASigningAuthorityWithinItsValidity() throws UnprovenException {
    notary.authorities = List.of();
    notary.signingAuthorities = List.of(notary.root.certificate());
    var end = notary.signer.certificate().getNotAfter().toInstant();
    notary.now = end.plus(Duration.ofDays(100));

    verify(envelope().bySigningAuthority(end));
    refuses(
        envelope().bySigningAuthority(end.plusSeconds(1)),
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "was not valid");
    var start = notary.signer.certificate().getNotBefore().toInstant();
    verify(envelope().bySigningAuthority(start));
    refuses(
        envelope().bySigningAuthority(start.minusSeconds(1)),
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "was not valid");
  }

  /// N67: the signer's own "best by": past, exactly now, later, and none.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n67HonoursExpiry(Format format) throws UnprovenException {
    notary.refuses(
        format,
        notary.envelope(format).expiry(NOW.minusSeconds(1)),
        SIGNATURE_EXPIRED,
        "good until");
    notary.refuses(format, notary.envelope(format).expiry(NOW), SIGNATURE_EXPIRED, "good until");
    var later = NOW.plusSeconds(1);
    assertThat(notary.verify(format, notary.envelope(format).expiry(later)).until())
        .isEqualTo(later);
    notary.verify(format, notary.envelope(format));
  }

  /// N70: who is trusted for timestamps is not trusted for signatures, nor the other way round.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n70TrustsNoSignerByTheStoreForTimestamps(Format format) {
    var other = new Notary();
    notary.authorities = List.of(other.root.certificate());
    notary.timestampAuthorities = List.of(notary.root.certificate());

    notary.refuses(
        format,
        notary.envelope(format).timestamp(notary.timestamper, NOW),
        UNTRUSTED_CERTIFICATE,
        "no trust store");
  }

  @Test
  void trustsAnyCertificateOfTheChainThatAStoreHas() throws UnprovenException {
    notary.authorities = List.of(notary.intermediate.certificate());
    verify(envelope());
    notary.authorities = List.of(notary.timestampRoot.certificate());
    refuses(envelope(), UNTRUSTED_CERTIFICATE, "CN=root");
  }

  /// N43: an authority of the right name that nobody trusts.
  @Test
  void n43RefusesALookalikeOfTheRoot() {
    var lookalike = CertificateShape.authority("C=US,O=Acme,CN=root").selfSigned();
    var signer = CertificateShape.signer(Notary.SUBJECT).issuedBy(lookalike);

    refuses(new EnvelopeShape(Format.JWS, signer), UNTRUSTED_CERTIFICATE, "no trust store");
  }

  @Test
  void acceptsASelfSignedSignerThatIsTrusted() throws UnprovenException {
    var own = CertificateShape.signer(Notary.SUBJECT).selfSigned();
    notary.authorities = List.of(own.certificate());

    assertThat(verify(new EnvelopeShape(Format.JWS, own)).signer()).isEqualTo(own.certificate());
    refuses(envelope(), UNTRUSTED_CERTIFICATE, "no trust store");
  }

  @Test
  void trustsOnlyTheIdentitiesThatAreNamed() throws UnprovenException {
    notary.identities =
        List.of(
            "x509.subject: C=US, ST=NY, O=Acme", "x509.subject: C=US, ST=WA, O=Acme, CN=release");
    verify(envelope());
    notary.identities = List.of("x509.subject: C=US, ST=WA, O=Acme, CN=releases");
    refuses(envelope(), IDENTITY_MISMATCH, "who is not trusted");
  }

  /// N37, for Notary: each certificate counts, not the signer's alone.
  @Test
  void n37RefusesAnAuthorityThatHasExpired() throws UnprovenException {
    var expired =
        CertificateShape.authority("C=US,O=Acme,CN=intermediate")
            .valid(NOW.minus(Duration.ofDays(100)), NOW.minusSeconds(1))
            .issuedBy(notary.root);
    var signer = CertificateShape.signer(Notary.SUBJECT).issuedBy(expired);
    var shape = new EnvelopeShape(Format.JWS, signer);

    refuses(shape, CERTIFICATE_NOT_VALID_NOW, "not valid now");
    notary.now = NOW.minusSeconds(1);
    assertThat(verify(shape).until()).isEqualTo(NOW.minusSeconds(1));
  }

  /// N62: a certificate that is not valid yet.
  @Test
  void n62RefusesACertificateOfTheFuture() {
    notary.now = notary.signer.certificate().getNotBefore().toInstant().minusSeconds(1);
    refuses(envelope(), CERTIFICATE_NOT_VALID_NOW, "not valid now");
  }

  private void trustTimestamps() {
    notary.timestampAuthorities = List.of(notary.timestampRoot.certificate());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void provesTheTimeByATimestamp(Format format) throws UnprovenException {
    trustTimestamps();
    var shape = notary.envelope(format).timestamp(notary.timestamper, NOW);
    notary.now = NOW.plus(Duration.ofDays(1000));

    assertThat(notary.verify(format, shape).until()).isEqualTo(Instant.MAX);
    notary.refuses(format, notary.envelope(format), TIMESTAMP_MISSING, "no timestamp");
  }

  @Test
  void asksForATimestampOnlyOnceCertificatesHaveExpired() throws UnprovenException {
    trustTimestamps();
    notary.timestamps = TimestampUse.AFTER_CERTIFICATE_EXPIRY;
    var end = notary.signer.certificate().getNotAfter().toInstant();

    assertThat(verify(envelope()).until()).isEqualTo(end);
    notary.now = end.plusSeconds(1);
    refuses(envelope(), TIMESTAMP_MISSING, "no timestamp");
    assertThat(verify(envelope().timestamp(notary.timestamper, NOW)).until())
        .isEqualTo(Instant.MAX);
  }

  /// N53: a timestamp of another signature.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n53RefusesTheTimestampOfAnotherSignature(Format format) {
    trustTimestamps();
    notary.refuses(
        format,
        notary.envelope(format).timestamp(notary.timestamper, NOW).stamping(s -> new byte[] {1}),
        TIMESTAMP_MISMATCH,
        "another signature");
  }

  /// N55: certificates that are not for timestamps alone, or an authority's.
  @Test
  void n55RefusesTimestampsByCertificatesForSomethingElse() {
    trustTimestamps();
    var signer = CertificateShape.signer("C=US,O=Time,CN=x").issuedBy(notary.timestampRoot);
    var notCritical =
        CertificateShape.timestamper("C=US,O=Time,CN=x")
            .purposes(false, KeyPurposeId.id_kp_timeStamping)
            .issuedBy(notary.timestampRoot);
    for (var issued : List.of(signer, notCritical)) {
      // No program issues timestamps with it, so it is put in the place of one that can.
      var token = new Timestamper(notary.timestampSigner, 0);
      assertThatThrownBy(() -> new Timestamper(issued, 0).token(new byte[] {1}, NOW))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(
              () ->
                  CertificateRules.check(
                      issued.chain(), CertificateRules.Purpose.TIMESTAMPING, Issuers.nobodys()))
          .isInstanceOf(UnprovenException.class)
          .hasMessageContaining("something else");
      assertThat(token.accuracySeconds()).isZero();
    }
  }

  @Test
  void refusesTimestampsByAuthoritiesThatAreNotTrusted() {
    notary.timestampAuthorities = List.of(new Notary().timestampRoot.certificate());
    refuses(envelope().timestamp(notary.timestamper, NOW), TIMESTAMP_UNTRUSTED, "not trusted");
  }

  @Test
  void refusesTimestampsThatAreNone() {
    trustTimestamps();
    for (var token : List.of("", "AQID", EnvelopeShape.base64(new byte[100_000]))) {
      refuses(
          envelope().unsigned(Headers.TIMESTAMP_SIGNATURE, token), TIMESTAMP_INVALID, "timestamp");
    }
  }

  /// N56: the time lies within every certificate's validity, both ends included, with all of the
  /// authority's accuracy.
  @Test
  void n56RefusesTimesOutsideOfValidity() throws UnprovenException {
    trustTimestamps();
    var start = notary.signer.certificate().getNotBefore().toInstant();
    var end = notary.signer.certificate().getNotAfter().toInstant();
    verify(envelope().timestamp(notary.timestamper, start));
    verify(envelope().timestamp(notary.timestamper, end));
    for (var time : List.of(start.minusSeconds(1), end.plusSeconds(1))) {
      refuses(
          envelope().timestamp(notary.timestamper, time),
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          "was not valid");
    }
    var inexact = new Timestamper(notary.timestampSigner, 60);
    verify(envelope().timestamp(inexact, end.minusSeconds(60)));
    verify(envelope().timestamp(inexact, start.plusSeconds(60)));
    for (var time : List.of(start.plusSeconds(59), end.minusSeconds(59))) {
      refuses(
          envelope().timestamp(inexact, time),
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          "was not valid");
    }
    refuses(
        envelope().timestamp(notary.timestamper, Notary.FAR.plusSeconds(1)),
        TIMESTAMP_OUTSIDE_VALIDITY,
        "was not valid");
  }

  private Issued revocable(Issued issuer) {
    return CertificateShape.signer(Notary.SUBJECT).list(LIST).issuedBy(issuer);
  }

  private static byte[] list(Issued issuer, Issued... revoked) {
    var list = ListShape.of(issuer);
    for (var one : revoked) {
      list.revoke(one.certificate(), CRLReason.keyCompromise);
    }
    return list.der();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void n72RefusesARevokedSigner(Format format) throws UnprovenException {
    var signer = revocable(notary.root);
    var shape = new EnvelopeShape(format, signer);
    notary.revocation = new MemoryRevocation().put(LIST, list(notary.root, signer));
    notary.refuses(format, shape, CERTIFICATE_REVOKED, "CN=release");

    notary.revocation = new MemoryRevocation().put(LIST, list(notary.root));
    // The list has to be looked at again when it ends.
    assertThat(notary.verify(format, shape).until()).isEqualTo(NOW.plusSeconds(3600));

    notary.revocation = new MemoryRevocation();
    notary.refuses(format, shape, REVOCATION_UNKNOWN, "cannot be found out");
    notary.overrides = Map.of(REVOCATION, ValidationAction.SKIP);
    notary.verify(format, shape);
  }

  /// N73: whoever took the key of an authority for timestamps can sign any time (CVE-2024-56138).
  @Test
  void n73RefusesATimestampByARevokedCertificate() throws UnprovenException {
    trustTimestamps();
    var stamper =
        CertificateShape.timestamper("C=US,O=Time,CN=time")
            .list(LIST)
            .issuedBy(notary.timestampRoot);
    var shape = envelope().timestamp(new Timestamper(stamper, 0), NOW);

    notary.revocation = new MemoryRevocation().put(LIST, list(notary.timestampRoot, stamper));
    refuses(shape, CERTIFICATE_REVOKED, "CN=time");
    notary.revocation = new MemoryRevocation();
    refuses(shape, REVOCATION_UNKNOWN, "CN=time");
    notary.overrides = Map.of(REVOCATION, ValidationAction.LOG);
    refuses(shape, REVOCATION_UNKNOWN, "CN=time");
    notary.overrides = Map.of(REVOCATION, ValidationAction.SKIP);
    verify(shape);
    notary.overrides = Map.of();
    notary.revocation = new MemoryRevocation().put(LIST, list(notary.timestampRoot));
    assertThat(verify(shape).until()).isEqualTo(NOW.plusSeconds(3600));
  }

  /// What was signed before a key was lost stands, where somebody who is trusted says that it was.
  @Test
  void keepsWhatWasSignedBeforeTheKeyWasInvalid() throws UnprovenException {
    var signer = revocable(notary.root);
    var lost = NOW.minusSeconds(600);
    var list =
        ListShape.of(notary.root).revoke(signer.certificate(), CRLReason.keyCompromise, lost).der();
    notary.revocation = new MemoryRevocation().put(LIST, list);

    refuses(new EnvelopeShape(Format.JWS, signer), CERTIFICATE_REVOKED, "CN=release");
    trustTimestamps();
    verify(
        new EnvelopeShape(Format.JWS, signer).timestamp(notary.timestamper, lost.minusSeconds(1)));
    refuses(
        new EnvelopeShape(Format.JWS, signer).timestamp(notary.timestamper, lost),
        CERTIFICATE_REVOKED,
        "CN=release");
  }

  /// What fails, one validation at a time, with the reason for it.
  enum Failing {
    AUTHENTICITY_FAILS(AUTHENTICITY, UNTRUSTED_CERTIFICATE),
    TIME_FAILS(AUTHENTIC_TIMESTAMP, CERTIFICATE_NOT_VALID_NOW),
    EXPIRY_FAILS(EXPIRY, SIGNATURE_EXPIRED),
    REVOCATION_FAILS(REVOCATION, CERTIFICATE_REVOKED);

    private final Validation validation;
    private final Reason reason;

    Failing(Validation validation, Reason reason) {
      this.validation = validation;
      this.reason = reason;
    }

    EnvelopeShape prepare(Notary notary) {
      var signer = CertificateShape.signer(Notary.SUBJECT);
      return switch (this) {
        case AUTHENTICITY_FAILS -> {
          notary.authorities = List.of(notary.timestampRoot.certificate());
          yield notary.envelope(Format.COSE);
        }
        case TIME_FAILS -> {
          var expired = signer.valid(NOW.minus(Duration.ofDays(3)), NOW.minusSeconds(1));
          yield new EnvelopeShape(Format.COSE, expired.issuedBy(notary.root));
        }
        case EXPIRY_FAILS -> notary.envelope(Format.COSE).expiry(NOW.minusSeconds(1));
        case REVOCATION_FAILS -> {
          var revoked = signer.list(LIST).issuedBy(notary.root);
          notary.revocation = new MemoryRevocation().put(LIST, list(notary.root, revoked));
          yield new EnvelopeShape(Format.COSE, revoked);
        }
      };
    }
  }

  static Stream<Arguments> n71() {
    return Stream.of(Failing.values())
        .flatMap(
            failing ->
                Stream.of(VerificationLevel.values()).map(level -> Arguments.of(failing, level)));
  }

  /// N71: three levels and everything that can fail; what a level lets pass is noted beside it.
  @ParameterizedTest
  @MethodSource("n71")
  void n71EnforcesWhatTheLevelSays(Failing failing, VerificationLevel level)
      throws UnprovenException {
    notary.level = level;
    var shape = failing.prepare(notary);
    boolean enforced =
        switch (level) {
          case STRICT -> true;
          case PERMISSIVE -> failing.validation == AUTHENTICITY;
          case AUDIT -> false;
        };

    if (enforced) {
      notary.refuses(Format.COSE, shape, failing.reason, "");
    } else {
      var proven = notary.verify(Format.COSE, shape);
      assertThat(proven.failures()).containsKey(failing.validation);
      assertThat(proven.notes()).isNotEmpty().allMatch(note -> note.startsWith("not enforced: "));
    }

    // Each can be turned round for itself.
    notary.overrides =
        Map.of(failing.validation, enforced ? ValidationAction.LOG : ValidationAction.ENFORCE);
    if (enforced) {
      assertThat(notary.verify(Format.COSE, shape).failures()).containsKey(failing.validation);
    } else {
      notary.refuses(Format.COSE, shape, failing.reason, "");
    }
  }

  /// N71: integrity is no matter of levels.
  @ParameterizedTest
  @EnumSource(VerificationLevel.class)
  void n71EnforcesIntegrityAtEveryLevel(VerificationLevel level) {
    notary.level = level;
    refuses(
        envelope()
            .signature(
                bytes -> {
                  bytes[7] ^= 1;
                  return bytes;
                }),
        SIGNATURE_INVALID,
        "not that of");
  }

  @Test
  void overridesOnlyWhatCanBe() {
    for (var validation : List.of(AUTHENTICITY, AUTHENTIC_TIMESTAMP, EXPIRY)) {
      assertThatThrownBy(
              () -> VerificationLevel.AUDIT.actions(Map.of(validation, ValidationAction.SKIP)))
          .isInstanceOf(UnusableNotationTrustException.class)
          .hasMessageContaining("revocation");
    }
  }

  /// Whoever can push a signature does not choose whom we call.
  @Test
  void asksNobodyAboutCertificatesThatNobodyTrusts() throws UnprovenException {
    var stranger = CertificateShape.authority("C=US,O=Acme,CN=stranger").selfSigned();
    var shape = new EnvelopeShape(Format.JWS, revocable(stranger));
    var asked = new MemoryRevocation();
    notary.revocation = asked;
    refuses(shape, UNTRUSTED_CERTIFICATE, "no trust store");
    notary.level = VerificationLevel.AUDIT;

    assertThat(verify(shape).failures()).containsKeys(AUTHENTICITY, REVOCATION);
    assertThat(asked.asked()).isEmpty();
  }

  /// N81: nobody is trusted by a store that is empty, and a store holds no signer of others'.
  @Test
  void n81RefusesStoresThatTrustNobodyOrTooMuch() {
    var root = List.of(notary.root.certificate());
    var signer = List.of(notary.signer.certificate());
    assertThatThrownBy(() -> TrustStores.of(List.of(), List.of(), root))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("no trust store for signers");
    assertThatThrownBy(() -> TrustStores.of(signer, List.of(), List.of()))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("store ca is neither");
    assertThatThrownBy(() -> TrustStores.of(root, signer, List.of()))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("store signingAuthority is neither");
    assertThatThrownBy(
            () -> TrustStores.of(root, List.of(), List.of(notary.intermediate.certificate())))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("store tsa is not that of a root");
    assertThatThrownBy(() -> new TrustStores(List.of(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void enforcesWhateverIsNotNamed() {
    var trust = notary.trust();
    var bare = new NotationTrust(trust.stores(), trust.identities(), Map.of(), TimestampUse.ALWAYS);
    assertThat(bare.actions().values()).containsOnly(ValidationAction.ENFORCE).hasSize(4);
    assertThat(bare).isEqualTo(trust).hasSameHashCodeAs(trust);
  }
}
