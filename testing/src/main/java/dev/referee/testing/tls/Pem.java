package dev.referee.testing.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// PEM (RFC 7468) as every server and client reads it.
public final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  public static String of(X509Certificate certificate) {
    try {
      return of("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has no encoding", e);
    }
  }

  /// PKCS #8.
  public static String of(PrivateKey key) {
    return of("PRIVATE KEY", encoded(key));
  }

  /// SubjectPublicKeyInfo.
  public static String of(PublicKey key) {
    return of("PUBLIC KEY", encoded(key));
  }

  private static byte[] encoded(Key key) {
    var encoded = key.getEncoded();
    if (encoded == null) {
      throw new IllegalStateException("a key of " + key.getAlgorithm() + " has no encoding");
    }
    return encoded;
  }

  private static String of(String label, byte[] content) {
    var lines = Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
  }
}
