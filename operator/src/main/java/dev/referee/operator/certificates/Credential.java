package dev.referee.operator.certificates;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A certificate and its private key.
///
/// @param certificate names its holder
/// @param key never leaves the Secret that keeps it
public record Credential(X509Certificate certificate, PrivateKey key) {
  private static final byte[] PROBE =
      "referee".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  public Credential {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(key, "key is null");
  }

  /// Reads both; empty when one is missing, unreadable, or not the other's.
  static Optional<Credential> parse(String certificate, String key) {
    var certificates = Pem.certificates(certificate);
    if (certificates.isEmpty()) {
      return Optional.empty();
    }
    try {
      var credential = new Credential(certificates.getFirst(), Pem.key(key));
      return credential.belongTogether() ? Optional.of(credential) : Optional.empty();
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private boolean belongTogether() throws GeneralSecurityException {
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(PROBE);
    var signed = signature.sign();
    // By its public key: the certificate of an authority may sign certificates only, and its key
    // usage would be held against it.
    signature.initVerify(certificate.getPublicKey());
    signature.update(PROBE);
    return signature.verify(signed);
  }

  boolean isValidAt(Instant now) {
    return !now.isBefore(notBefore()) && now.isBefore(notAfter());
  }

  /// When two thirds of its life are over.
  Instant renewAt() {
    var life = Duration.between(notBefore(), notAfter());
    return notBefore().plus(life.dividedBy(3).multipliedBy(2));
  }

  Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  boolean isSignedBy(X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  String certificatePem() {
    return Pem.of(certificate);
  }

  String keyPem() {
    return Pem.of(key);
  }

  /// Never the key.
  @Override
  public String toString() {
    return "Credential[%s until %s]".formatted(certificate.getSubjectX500Principal(), notAfter());
  }
}
