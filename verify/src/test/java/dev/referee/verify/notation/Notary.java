package dev.referee.verify.notation;

import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.Timestamper;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// A root, somebody below it who signs, an authority for timestamps, and a verifier that trusts
/// both; tests change what it trusts.
final class Notary {
  static final String SUBJECT = "C=US,ST=WA,L=Seattle,O=Acme,CN=release";
  static final Instant FAR = NOW.plus(Duration.ofDays(3650));

  final Issued root = CertificateShape.authority("C=US,O=Acme,CN=root").selfSigned();
  final Issued intermediate =
      CertificateShape.authority("C=US,O=Acme,CN=intermediate").issuedBy(root);
  final Issued signer = CertificateShape.signer(SUBJECT).issuedBy(intermediate);
  final Issued timestampRoot =
      CertificateShape.authority("C=US,O=Time,CN=root")
          .valid(NOW.minus(Duration.ofDays(3650)), FAR)
          .selfSigned();
  final Issued timestampSigner =
      CertificateShape.timestamper("C=US,O=Time,CN=time")
          .valid(NOW.minus(Duration.ofDays(3650)), FAR)
          .issuedBy(timestampRoot);
  final Timestamper timestamper = new Timestamper(timestampSigner, 0);

  List<X509Certificate> authorities = List.of(root.certificate());
  List<X509Certificate> signingAuthorities = List.of();
  List<X509Certificate> timestampAuthorities = List.of();
  List<String> identities = List.of("*");
  VerificationLevel level = VerificationLevel.STRICT;
  Map<Validation, ValidationAction> overrides = Map.of();
  TimestampUse timestamps = TimestampUse.ALWAYS;
  RevocationSource revocation = RevocationSource.NONE;
  Instant now = NOW;
  Descriptor artifact = EnvelopeShape.ARTIFACT;

  EnvelopeShape envelope(Format format) {
    return new EnvelopeShape(format, signer);
  }

  NotationTrust trust() {
    try {
      return new NotationTrust(
          TrustStores.of(authorities, signingAuthorities, timestampAuthorities),
          TrustedIdentities.of(identities),
          level.actions(overrides),
          timestamps);
    } catch (UnusableNotationTrustException e) {
      throw new IllegalStateException(e);
    }
  }

  NotationSignature verify(Format format, byte[] envelope) throws UnprovenException {
    return NotationVerifier.verify(
        envelope, format.type(), artifact, trust(), InstantSource.fixed(now), revocation);
  }

  NotationSignature verify(Format format, EnvelopeShape shape) throws UnprovenException {
    return verify(format, shape.bytes());
  }

  void refuses(Format format, EnvelopeShape shape, Reason reason, String words) {
    refuses(format, shape.bytes(), reason, words);
  }

  void refuses(Format format, byte[] envelope, Reason reason, String words) {
    assertThatThrownBy(() -> verify(format, envelope))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.sentence()).contains(words);
              assertThat(e.reason()).isEqualTo(reason);
            });
  }
}
