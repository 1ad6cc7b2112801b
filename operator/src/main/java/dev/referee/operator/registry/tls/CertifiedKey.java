package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/// A certificate and the key that it is for.
///
/// @param certificate the certificate
/// @param key its private key
public record CertifiedKey(X509Certificate certificate, PrivateKey key) {
  private static final byte[] PROBE = "whether the key fits".getBytes(US_ASCII);

  public CertifiedKey {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(key, "key is null");
  }

  Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /// The moment at which this share of its life is over.
  Instant after(int parts, int of) {
    var life = Duration.between(notBefore(), notAfter());
    return notBefore().plus(life.multipliedBy(parts).dividedBy(of));
  }

  /// Whether the key is the certificate's. The certificate is asked for its public key: handed over
  /// whole, one that may only sign certificates is refused.
  boolean isPair() {
    try {
      var algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      var signer = Signature.getInstance(algorithm, Pem.PROVIDER);
      signer.initSign(key, new SecureRandom());
      signer.update(PROBE);
      var signature = signer.sign();
      var verifier = Signature.getInstance(algorithm, Pem.PROVIDER);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// Whether this certificate was signed with that one's key.
  boolean isSignedBy(X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey(), Pem.PROVIDER);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
