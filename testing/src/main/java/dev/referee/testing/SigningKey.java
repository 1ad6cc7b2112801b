package dev.referee.testing;

import dev.referee.testing.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;

/// A key pair that signs as Sigstore's clients do with a key of its kind.
public final class SigningKey {
  private final KeyPair pair;
  private final String algorithm;

  private SigningKey(KeyPair pair, String algorithm) {
    this.pair = pair;
    this.algorithm = algorithm;
  }

  /// P-256 with SHA-256: what `cosign generate-key-pair` makes.
  public static SigningKey p256() {
    return generate("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA");
  }

  public static SigningKey p384() {
    return generate("EC", new ECGenParameterSpec("secp384r1"), "SHA384withECDSA");
  }

  public static SigningKey p521() {
    return generate("EC", new ECGenParameterSpec("secp521r1"), "SHA512withECDSA");
  }

  public static SigningKey ed25519() {
    return generate("Ed25519", NamedParameterSpec.ED25519, "Ed25519");
  }

  /// RSA with PKCS #1 v1.5 padding and SHA-256.
  public static SigningKey rsa(int bits) {
    return generate(
        "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4), "SHA256withRSA");
  }

  private static SigningKey generate(
      String type, AlgorithmParameterSpec parameters, String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(type);
      generator.initialize(parameters);
      return new SigningKey(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /// The same key, signing with another algorithm than its kind's own.
  public SigningKey with(String otherAlgorithm) {
    return new SigningKey(pair, otherAlgorithm);
  }

  public byte[] sign(byte[] message) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with %s failed".formatted(algorithm), e);
    }
  }

  /// The public key as PEM.
  public String publicKeyPem() {
    return Pem.of(pair.getPublic());
  }

  /// The private key as PEM, for tests of what must be refused.
  public String privateKeyPem() {
    return Pem.of(pair.getPrivate());
  }

  /// The hint that a bundle carries: base64 of the SHA-256 of the public key's DER.
  public String hint() {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
