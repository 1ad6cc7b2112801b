package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.testing.SigningKey;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Certificates as no authority of Sigstore issues them, and as some do.
class CertificateShapeTest {
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";
  private static final GeneralName URI =
      new GeneralName(GeneralName.uniformResourceIdentifier, "https://github.com/acme/app");
  private static final GeneralName EMAIL = new GeneralName(GeneralName.rfc822Name, "ann@acme.io");

  private final Shape good = new Shape();

  /// What a certificate has; all of it a good one, unless it is changed.
  static final class Shape {
    private String issuer = "CN=authority";
    private @Nullable BasicConstraints constraints;
    private int usage = KeyUsage.digitalSignature;
    private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_codeSigning);
    private List<GeneralName> names = List.of(URI);
    private final Map<String, byte[]> extensions = new TreeMap<>();
    private String keyAlgorithm = "EC";

    X509Certificate build() {
      try {
        var keys = keys(keyAlgorithm);
        var now = Instant.parse("2026-11-27T12:00:00Z");
        var builder =
            new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.TEN,
                Date.from(now),
                Date.from(now.plus(Duration.ofMinutes(10))),
                new X500Name("CN=signer"),
                keys.getPublic());
        if (constraints != null) {
          builder.addExtension(Extension.basicConstraints, true, constraints);
        }
        if (usage != 0) {
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        if (!purposes.isEmpty()) {
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        if (!names.isEmpty()) {
          builder.addExtension(
              Extension.subjectAlternativeName,
              true,
              new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        for (var extension : extensions.entrySet()) {
          builder.addExtension(
              new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys("EC").getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
        throw new IllegalStateException(e);
      }
    }

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 1024 : 256);
      return generator.generateKeyPair();
    }
  }

  interface Change {
    void to(Shape shape);
  }

  private static Arguments shape(String words, Change change) {
    return Arguments.of(words, change);
  }

  static Stream<Arguments> unsuitable() {
    return Stream.of(
        shape("an authority's", s -> s.constraints = new BasicConstraints(true)),
        shape("not one for signatures", s -> s.usage = 0),
        shape("not one for signatures", s -> s.usage = KeyUsage.keyAgreement),
        shape(
            "not one for signatures",
            s -> s.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign),
        shape("not one for signing code", s -> s.purposes = List.of()),
        shape("not one for signing code", s -> s.purposes = List.of(KeyPurposeId.id_kp_serverAuth)),
        shape(
            "not one for signing code",
            s ->
                s.purposes =
                    List.of(KeyPurposeId.id_kp_codeSigning, KeyPurposeId.anyExtendedKeyUsage)),
        shape("has a key that is not used", s -> s.keyAlgorithm = "RSA"));
  }

  @ParameterizedTest
  @MethodSource("unsuitable")
  void takesNoCertificateThatIsForSomethingElse(String words, Change change) {
    change.to(good);

    assertThatThrownBy(
            () -> SigningCertificate.of(new Bundle.Material.Certificate(good.build(), List.of())))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(CERTIFICATE_INVALID);
              assertThat(e.sentence()).contains(words);
            });
  }

  @Test
  void takesOneForSigning() throws UnprovenException {
    var certificate = good.build();

    assertThat(
            SigningCertificate.of(new Bundle.Material.Certificate(certificate, List.of())).leaf())
        .isEqualTo(certificate);
  }

  /// Whom to trust is not for the bundle to say.
  @Test
  void takesNoRootFromABundle() {
    var root = new Shape();
    root.issuer = "CN=signer";

    assertThatThrownBy(
            () ->
                SigningCertificate.of(
                    new Bundle.Material.Certificate(good.build(), List.of(root.build()))))
        .isInstanceOf(UnprovenException.class)
        .hasMessageContaining("root certificate");
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        shape("no subject alternative name", s -> s.names = List.of()),
        shape("2 subject alternative names", s -> s.names = List.of(URI, EMAIL)),
        shape(
            "of a kind that is not read",
            s -> s.names = List.of(new GeneralName(GeneralName.dNSName, "acme.io"))),
        shape(
            "another name than a user name",
            s -> s.names = List.of(otherName("1.2.3.4", new DERUTF8String("ann")))),
        shape(
            "malformed subject alternative name",
            s -> s.names = List.of(otherName(FULCIO + "7", new ASN1Integer(7)))),
        shape(
            "empty or too long",
            s -> s.names = List.of(new GeneralName(GeneralName.rfc822Name, "a".repeat(9 * 1024)))),
        shape(
            "extension of Fulcio that is not text",
            s -> s.extensions.put(FULCIO + "8", der(new ASN1Integer(1)))),
        shape(
            "names two issuers",
            s -> {
              s.extensions.put(FULCIO + "8", der(new DERUTF8String("https://one.example")));
              s.extensions.put(FULCIO + "1", bare("https://other.example"));
            }));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void claimsNothingThatIsAmbiguous(String words, Change change) {
    change.to(good);

    assertThatThrownBy(() -> FulcioCertificate.claims(good.build()))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(CERTIFICATE_INVALID);
              assertThat(e.sentence()).contains(words);
            });
  }

  @Test
  void readsEveryKindOfSubject() throws UnprovenException {
    assertThat(subject(URI)).isEqualTo("https://github.com/acme/app");
    assertThat(subject(EMAIL)).isEqualTo("ann@acme.io");
    assertThat(subject(otherName(FULCIO + "7", new DERUTF8String("ann!acme"))))
        .isEqualTo("ann!acme");
  }

  @Test
  void readsTheIssuerWhereverItStands() throws UnprovenException {
    good.extensions.put(FULCIO + "1", bare("https://issuer.example"));
    assertThat(FulcioCertificate.claims(good.build()))
        .containsEntry(CertificateClaim.ISSUER, "https://issuer.example");
    good.extensions.put(FULCIO + "8", der(new DERUTF8String("https://issuer.example")));
    assertThat(FulcioCertificate.claims(good.build()))
        .containsEntry(CertificateClaim.ISSUER, "https://issuer.example");
  }

  private String subject(GeneralName name) throws UnprovenException {
    good.names = List.of(name);
    return String.valueOf(FulcioCertificate.claims(good.build()).get(CertificateClaim.SUBJECT));
  }

  private static GeneralName otherName(String type, ASN1Encodable value) {
    return new GeneralName(
        GeneralName.otherName, new OtherName(new ASN1ObjectIdentifier(type), value));
  }

  /// A digest says nothing about the hash of another algorithm.
  @Test
  void comparesADigestWithItsOwnAlgorithmOnly() {
    byte[] content = "app".getBytes(US_ASCII);
    var key = SigningKey.p256();
    var named = new Artifact.Named(Digest.of(content));

    assertThat(named.hash(HashAlgorithm.SHA256)).isPresent();
    assertThat(named.hash(HashAlgorithm.SHA384)).isEmpty();
    assertThat(named.hash(HashAlgorithm.SHA512)).isEmpty();
    assertThat(named.isSignedBy(trusted(key), key.sign(content))).isTrue();
    assertThat(named.isSignedBy(trusted(SigningKey.p256()), key.sign(content))).isFalse();
    var other = new Artifact.Named(sha512("0".repeat(128)));
    assertThat(other.hash(HashAlgorithm.SHA512)).isPresent();
    assertThat(other.hash(HashAlgorithm.SHA256)).isEmpty();
    assertThat(other.isSignedBy(trusted(key), key.sign(content))).isFalse();
  }

  private static Digest sha512(String hex) {
    try {
      return Digest.parse("sha512:" + hex);
    } catch (MalformedContentException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustedKey trusted(SigningKey key) {
    try {
      return TrustedKey.parse(key.publicKeyPem(), null);
    } catch (UnusableKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] der(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Bare text, as the first issuers wrote it.
  private static byte[] bare(String text) {
    return text.getBytes(US_ASCII);
  }
}
