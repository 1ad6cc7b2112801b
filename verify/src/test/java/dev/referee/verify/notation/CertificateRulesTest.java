package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.Keys;
import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How certificates have to be made, and in which order they have to come.
class CertificateRulesTest {
  private final Notary notary = new Notary();

  private void refuses(Issued signer, String words) {
    notary.refuses(Format.JWS, new EnvelopeShape(Format.JWS, signer), CERTIFICATE_INVALID, words);
  }

  interface Change {
    void to(CertificateShape shape);
  }

  private static Arguments shape(String words, Change change) {
    return Arguments.of(words, change);
  }

  /// N33: leaves that are for something else. N34: leaves that are an authority's.
  static Stream<Arguments> n33n34() {
    var constraints =
        new NameConstraints(
            new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "a.b"))},
            null);
    return Stream.of(
        shape("an authority's", s -> s.constraints(new BasicConstraints(true))),
        shape("does not say what its key is for", s -> s.usage(0)),
        shape("does not say what its key is for", CertificateShape::usageNotCritical),
        shape("not for signatures alone", s -> s.usage(KeyUsage.nonRepudiation)),
        shape(
            "not for signatures alone",
            s -> s.usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)),
        shape(
            "not for signatures alone",
            s -> s.usage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment)),
        shape(
            "not for signatures alone", s -> s.usage(KeyUsage.digitalSignature | KeyUsage.cRLSign)),
        shape("something else", s -> s.purposes(false, KeyPurposeId.anyExtendedKeyUsage)),
        shape(
            "something else",
            s -> s.purposes(false, KeyPurposeId.id_kp_codeSigning, KeyPurposeId.id_kp_serverAuth)),
        shape("something else", s -> s.purposes(true, KeyPurposeId.id_kp_clientAuth)),
        shape("something else", s -> s.purposes(false, KeyPurposeId.id_kp_emailProtection)),
        shape("something else", s -> s.purposes(false, KeyPurposeId.id_kp_timeStamping)),
        shape("something else", s -> s.purposes(false, KeyPurposeId.id_kp_OCSPSigning)),
        shape(
            "critical extension that is not read",
            s -> s.extension(Extension.nameConstraints, true, constraints)),
        shape("weak algorithm", s -> s.signedBy("SHA1withECDSA")));
  }

  @ParameterizedTest
  @MethodSource("n33n34")
  void n33n34RefusesLeavesForSomethingElse(String words, Change change) {
    var shape = CertificateShape.signer(Notary.SUBJECT);
    change.to(shape);

    refuses(shape.issuedBy(notary.root), words);
  }

  static Stream<Arguments> suitable() {
    return Stream.of(
        shape("no purpose", s -> s.purposes(false)),
        shape("purpose, critical", s -> s.purposes(true, KeyPurposeId.id_kp_codeSigning)),
        shape("constraints that say no", s -> s.constraints(new BasicConstraints(false))),
        shape("repudiation", s -> s.usage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation)),
        shape(
            "an extension that is not critical",
            s -> s.extension(Extension.auditIdentity, false, DERNull.INSTANCE)));
  }

  @ParameterizedTest
  @MethodSource("suitable")
  void acceptsLeavesAsTheSpecificationHasThem(String words, Change change)
      throws UnprovenException {
    var shape = CertificateShape.signer(Notary.SUBJECT);
    change.to(shape);
    var signer = shape.issuedBy(notary.root);

    assertThat(notary.verify(Format.JWS, new EnvelopeShape(Format.JWS, signer)).signer())
        .as(words)
        .isEqualTo(signer.certificate());
  }

  /// N35: intermediates that are no authorities. N46: or whose keys are weak.
  static Stream<Arguments> n35() {
    return Stream.of(
        shape("not an authority's", s -> s.constraints(null)),
        shape("not an authority's", s -> s.constraints(new BasicConstraints(false))),
        shape("not an authority's", CertificateShape::constraintsNotCritical),
        shape("may not sign certificates", s -> s.usage(KeyUsage.cRLSign)),
        shape("does not say what its key is for", s -> s.usage(0)),
        shape("does not say what its key is for", CertificateShape::usageNotCritical),
        shape("key that is not used", s -> s.keys(Keys.rsa(1024))),
        shape("weak algorithm", s -> s.signedBy("SHA1withECDSA")));
  }

  @ParameterizedTest
  @MethodSource("n35")
  void n35RefusesIntermediatesThatAreNoAuthorities(String words, Change change) {
    var shape = CertificateShape.authority("C=US,O=Acme,CN=intermediate");
    change.to(shape);
    var intermediate = shape.issuedBy(notary.root);

    refuses(CertificateShape.signer(Notary.SUBJECT).issuedBy(intermediate), words);
  }

  /// N36: how many authorities may stand below one.
  @Test
  void n36CountsAuthoritiesBelow() throws UnprovenException {
    var narrow =
        CertificateShape.authority("C=US,O=Acme,CN=narrow")
            .constraints(new BasicConstraints(0))
            .issuedBy(notary.root);
    var direct = CertificateShape.signer(Notary.SUBJECT).issuedBy(narrow);
    notary.verify(Format.JWS, new EnvelopeShape(Format.JWS, direct));

    var below = CertificateShape.authority("C=US,O=Acme,CN=below").issuedBy(narrow);
    refuses(
        CertificateShape.signer(Notary.SUBJECT).issuedBy(below),
        "has 1 authorities below it, 0 are allowed");
  }

  /// N69: another order, an unrelated certificate, no root, a root twice.
  @Test
  void n69RefusesChainsThatAreNotInOrderAndComplete() {
    var leaf = notary.signer.certificate();
    var middle = notary.intermediate.certificate();
    var root = notary.root.certificate();
    var other = CertificateShape.authority("C=US,O=Acme,CN=other").selfSigned().certificate();
    for (var chain :
        List.of(
            List.of(leaf, root, middle),
            List.of(leaf, middle, root, root),
            List.of(leaf, middle, other),
            List.of(leaf, root),
            List.of(leaf, middle),
            List.of(leaf),
            List.of(leaf, middle, other, root),
            List.of(leaf, leaf, middle, root))) {
      notary.refuses(
          Format.JWS,
          notary.envelope(Format.JWS).chain(chain.toArray(X509Certificate[]::new)),
          CERTIFICATE_INVALID,
          "certificate");
    }
  }

  /// N69: an issuer of the right name with another key.
  @Test
  void n69RefusesAnIssuerByNameOnly() {
    var lookalike = CertificateShape.authority("C=US,O=Acme,CN=intermediate").issuedBy(notary.root);

    notary.refuses(
        Format.JWS,
        notary
            .envelope(Format.JWS)
            .chain(notary.signer.certificate(), lookalike.certificate(), notary.root.certificate()),
        CERTIFICATE_INVALID,
        "not issued by the next");
  }

  /// A signer's certificate that stands for itself has to be one for signing.
  @Test
  void refusesASelfSignedAuthorityThatSigns() {
    refuses(notary.root, "an authority's, not a signer's");
  }

  @Test
  void doesNotAskValiditiesToLieWithinEachOther() throws UnprovenException {
    var signer =
        CertificateShape.signer(Notary.SUBJECT)
            .valid(NOW.minus(Duration.ofDays(100)), NOW.plus(Duration.ofDays(100)))
            .issuedBy(notary.intermediate);

    notary.verify(Format.JWS, new EnvelopeShape(Format.JWS, signer));
  }
}
