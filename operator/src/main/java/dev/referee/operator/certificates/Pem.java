package dev.referee.operator.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Certificates and keys as text (RFC 7468). What cannot be read is left out or refused, never
/// guessed.
final class Pem {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN CERTIFICATE-----[^-]{1,65536}-----END CERTIFICATE-----", Pattern.DOTALL);
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----([^-]{1,65536})-----END PRIVATE KEY-----", Pattern.DOTALL);

  private Pem() {}

  static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate cannot be encoded", e);
    }
  }

  static String of(Collection<X509Certificate> certificates) {
    return String.join("", certificates.stream().map(Pem::of).toList());
  }

  static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  private static String block(String label, byte[] content) {
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
        .formatted(label, LINES.encodeToString(content))
        .replace(System.lineSeparator(), "\n");
  }

  /// The certificates of a text that can be read, in their order.
  static List<X509Certificate> certificates(String text) {
    var certificates = new ArrayList<X509Certificate>();
    var matcher = CERTIFICATE.matcher(text);
    while (matcher.find()) {
      certificate(matcher.group()).ifPresent(certificates::add);
    }
    return List.copyOf(certificates);
  }

  private static Optional<X509Certificate> certificate(String block) {
    try {
      var parsed =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.getBytes(US_ASCII)));
      return parsed instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException _) {
      // Somebody edited the Secret; what is missing is made anew.
      return Optional.empty();
    }
  }

  /// The elliptic curve key of a text (PKCS #8).
  ///
  /// @throws GeneralSecurityException when there is none
  static PrivateKey key(String text) throws GeneralSecurityException {
    var matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new GeneralSecurityException("there is no private key");
    }
    try {
      var encoded = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the private key is not Base64", e);
    }
  }
}
