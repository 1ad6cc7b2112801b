package dev.referee.testing.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.DigestAlgorithm;
import dev.referee.testing.tls.Pem;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/// A key pair out of a seed, whose signatures are the same every time too (RFC 6979 for ECDSA).
public final class SeededKey {
  static final Provider PROVIDER = new BouncyCastleProvider();

  /// What kinds there are, and how each signs.
  public enum Kind {
    P256("EC", "secp256r1", "SHA256withECDSA"),
    P384("EC", "secp384r1", "SHA384withECDSA"),
    /// Too weak to be trusted.
    P192("EC", "secp192r1", "SHA256withECDSA"),
    ED25519("Ed25519", "", "Ed25519"),
    RSA_2048("RSA", "2048", "SHA256withRSA"),
    /// Too weak to be trusted.
    RSA_1024("RSA", "1024", "SHA256withRSA");

    private final String type;
    private final String parameter;
    private final String algorithm;

    Kind(String type, String parameter, String algorithm) {
      this.type = type;
      this.parameter = parameter;
      this.algorithm = algorithm;
    }
  }

  private final KeyPair pair;
  private final String algorithm;

  private SeededKey(KeyPair pair, String algorithm) {
    this.pair = requireNonNull(pair, "pair is null");
    this.algorithm = requireNonNull(algorithm, "algorithm is null");
  }

  /// A new key.
  public static SeededKey generate(Kind kind, SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance(kind.type, PROVIDER);
      switch (kind) {
        case P256, P384, P192 ->
            generator.initialize(new ECGenParameterSpec(kind.parameter), random);
        case RSA_2048, RSA_1024 -> generator.initialize(Integer.parseInt(kind.parameter), random);
        case ED25519 -> generator.initialize(255, random);
      }
      return new SeededKey(generator.generateKeyPair(), kind.algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Bouncy Castle has keys of kind " + kind, e);
    }
  }

  /// The same key, signing with another algorithm than its kind's own.
  public SeededKey with(String otherAlgorithm) {
    return new SeededKey(pair, otherAlgorithm);
  }

  /// Signs: ECDSA in DER.
  public byte[] sign(byte[] message) {
    try {
      var signature = Signature.getInstance(algorithm.replace("withECDSA", "withECDDSA"), PROVIDER);
      signature.initSign(pair.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with %s failed".formatted(algorithm), e);
    }
  }

  public PublicKey publicKey() {
    return pair.getPublic();
  }

  /// The public key in DER, a SubjectPublicKeyInfo.
  public byte[] encoded() {
    return pair.getPublic().getEncoded();
  }

  public String publicKeyPem() {
    return Pem.of(pair.getPublic());
  }

  /// SHA-256 of the public key: by which logs are named, and what hints at keys.
  public byte[] id() {
    return DigestAlgorithm.SHA256.newHasher().digest(encoded());
  }

  /// The same as a signer of certificates and timestamps.
  ContentSigner contentSigner() {
    return new ContentSigner() {
      private final ByteArrayOutputStream content = new ByteArrayOutputStream();

      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
      }

      @Override
      public OutputStream getOutputStream() {
        return content;
      }

      @Override
      public byte[] getSignature() {
        return sign(content.toByteArray());
      }
    };
  }
}
