package dev.referee.verify.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.Certificate;

/// Reads certificates, each exactly one DER value with nothing after it.
public final class Certificates {
  /// Fulcio's have 2 KiB.
  private static final int MAX_BYTES = 32 * 1024;

  private static final CertificateFactory FACTORY = factory();

  private Certificates() {}

  /// Reads one certificate; empty, it is none.
  public static Optional<X509Certificate> read(byte[] der) {
    if (der.length == 0 || der.length > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      // The factory takes PEM, PKCS #7 and trailing bytes too; this does not.
      var structure = Certificate.getInstance(ASN1Primitive.fromByteArray(der));
      if (!Arrays.equals(structure.getEncoded("DER"), der)) {
        return Optional.empty();
      }
      return FACTORY.generateCertificate(new ByteArrayInputStream(der))
              instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (IOException | CertificateException | RuntimeException e) {
      // Bouncy Castle answers some malformed structures with exceptions of the JDK.
      return Optional.empty();
    }
  }

  private static CertificateFactory factory() {
    try {
      return CertificateFactory.getInstance("X.509", Providers.BOUNCY_CASTLE);
    } catch (CertificateException e) {
      throw new IllegalStateException("Bouncy Castle reads X.509 certificates", e);
    }
  }
}
