package dev.referee.verify.trust;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.operator.DefaultSignatureNameFinder;

/// Signatures for which somebody can make two documents with one hash. The algorithm's identifier
/// decides: by name, some providers call ECDSA with SHA-1 just "ECDSA".
public final class WeakSignatures {
  private WeakSignatures() {}

  /// Whether a certificate is signed so.
  public static boolean isWeak(X509Certificate certificate) {
    try {
      return isWeak(Certificate.getInstance(certificate.getEncoded()).getSignatureAlgorithm());
    } catch (CertificateEncodingException | RuntimeException e) {
      // What cannot be told is not strong.
      return true;
    }
  }

  /// Whether an algorithm is one of those.
  public static boolean isWeak(AlgorithmIdentifier algorithm) {
    var name =
        new DefaultSignatureNameFinder().getAlgorithmName(algorithm).toUpperCase(Locale.ROOT);
    return name.contains("SHA1")
        || name.contains("SHA-1")
        || name.contains("MD5")
        || name.contains("MD2")
        || name.contains("MD4");
  }
}
