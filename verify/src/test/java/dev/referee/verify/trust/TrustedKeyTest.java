package dev.referee.verify.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.testing.SigningKey;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.junit.jupiter.api.Test;

class TrustedKeyTest {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  @Test
  void verifiesWithTheHashOfTheKeyOrTheConfiguredOne() throws UnusableKeyException {
    var key = SigningKey.p384();
    var sha256 = key.with("SHA256withECDSA");

    assertThat(TrustedKey.parse(key.publicKeyPem(), null).verifies(MESSAGE, key.sign(MESSAGE)))
        .isTrue();
    assertThat(TrustedKey.parse(key.publicKeyPem(), null).verifies(MESSAGE, sha256.sign(MESSAGE)))
        .isFalse();
    assertThat(
            TrustedKey.parse(key.publicKeyPem(), HashAlgorithm.SHA256)
                .verifies(MESSAGE, sha256.sign(MESSAGE)))
        .isTrue();
  }

  @Test
  void pointsAtItselfAsBundlesDo() throws UnusableKeyException {
    var key = SigningKey.p256();

    assertThat(TrustedKey.parse(key.publicKeyPem(), null).hint()).isEqualTo(key.hint());
  }

  @Test
  void neverThrowsForASignature() throws UnusableKeyException {
    for (var key :
        new SigningKey[] {SigningKey.p256(), SigningKey.ed25519(), SigningKey.rsa(2048)}) {
      var trusted = TrustedKey.parse(key.publicKeyPem(), null);

      assertThat(trusted.verifies(MESSAGE, new byte[0])).isFalse();
      assertThat(trusted.verifies(MESSAGE, new byte[] {0x30, (byte) 0x84, -1, -1, -1, -1}))
          .isFalse();
      assertThat(trusted.verifies(MESSAGE, new byte[100_000])).isFalse();
      assertThat(trusted.verifies(new byte[0], key.sign(MESSAGE))).isFalse();
    }
  }

  @Test
  void toleratesWhatTextEditorsAdd() throws UnusableKeyException {
    var pem = SigningKey.p256().publicKeyPem();

    TrustedKey.parse("\n  " + pem.replace("\n", "\r\n") + "\n\n", null);
  }

  @Test
  void saysWhatIsWrongWithAKey() throws IOException {
    var key = SigningKey.p256();

    assertRefused("", "not one PEM block");
    assertRefused("no key", "not one PEM block");
    assertRefused(key.publicKeyPem() + key.publicKeyPem(), "not one PEM block");
    assertRefused(key.publicKeyPem().replace("PUBLIC KEY", "RSA PUBLIC KEY"), "not one PEM block");
    assertRefused(key.privateKeyPem(), "this is a private key");
    assertRefused(key.publicKeyPem() + key.privateKeyPem(), "this is a private key");
    assertRefused(
        "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "this is a certificate");
    assertRefused(pem(new byte[] {0x30, 0x00}), "not a DER SubjectPublicKeyInfo");
    assertRefused(key.publicKeyPem().replace("\nM", "\n!"), "not one PEM block");
    assertRefused("x".repeat(20_000), "more than 16384 characters");
  }

  /// N46: keys that somebody can break.
  @Test
  void refusesWeakKeys() throws IOException {
    assertRefused(SigningKey.rsa(1024).publicKeyPem(), "the RSA key has 1024 bits");
    var p192 = ECNamedCurveTable.getParameterSpec("secp192r1");
    assertRefused(
        pem(
            new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(
                        X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime192v1),
                    p192.getG().getEncoded(false))
                .getEncoded()),
        "not on one of the curves");
    var huge =
        new RSAPublicKey(BigInteger.ONE.shiftLeft(8_200).setBit(0), BigInteger.valueOf(65537));
    assertRefused(
        pem(
            new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    huge)
                .getEncoded()),
        "the RSA key has 8201 bits");
  }

  /// CVE-2020-0601: a curve that the key itself describes can have a generator that its author
  /// knows the secret of.
  @Test
  void refusesACurveThatTheKeyDescribes() throws IOException {
    X9ECParameters p256 = CustomNamedCurves.getByName("secp256r1");

    assertRefused(
        pem(
            new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, p256),
                    p256.getG().getEncoded(false))
                .getEncoded()),
        "not on one of the curves");
  }

  @Test
  void refusesAPointOffTheCurve() throws IOException {
    var point = CustomNamedCurves.getByName("secp256r1").getG().getEncoded(false);
    point[point.length - 1] ^= 1;

    assertRefused(
        pem(
            new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(
                        X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
                    point)
                .getEncoded()),
        "the EC key is malformed");
  }

  @Test
  void refusesAnAlgorithmItDoesNotKnow() throws IOException {
    assertRefused(
        pem(
            new SubjectPublicKeyInfo(
                    new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10040.4.1")),
                    new byte[] {1})
                .getEncoded()),
        "neither ECDSA, RSA nor Ed25519");
    assertThatThrownBy(
            () -> TrustedKey.parse(SigningKey.ed25519().publicKeyPem(), HashAlgorithm.SHA256))
        .hasMessageContaining("takes no hashAlgorithm");
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----"
        .formatted(Base64.getEncoder().encodeToString(der));
  }

  private static void assertRefused(String pem, String message) {
    assertThatThrownBy(() -> TrustedKey.parse(pem, null))
        .isInstanceOf(UnusableKeyException.class)
        .hasMessageContaining(message);
  }
}
