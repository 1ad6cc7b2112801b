package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// PEM (RFC 7468) as Secrets have it. Whatever cannot be read counts as absent: what is absent is
/// made anew, or its user is told.
final class Pem {
  /// Handed to whatever needs it, never registered.
  static final Provider PROVIDER = new BouncyCastleProvider();

  /// Of a Secret's value, which may be a megabyte.
  private static final int MAX_CERTIFICATES = 64;

  private static final int LINE = 64;

  private Pem() {}

  static String of(X509Certificate certificate) {
    try {
      return of("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has no encoding", e);
    }
  }

  /// PKCS #8, which every server reads.
  static String of(PrivateKey key) {
    return of("PRIVATE KEY", key.getEncoded());
  }

  private static String of(String label, byte[] content) {
    var lines = Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
  }

  /// All certificates in order; empty, where one of them cannot be read.
  static List<X509Certificate> certificates(byte[] pem) {
    var certificates = new ArrayList<X509Certificate>();
    var converter = new JcaX509CertificateConverter().setProvider(PROVIDER);
    try (var parser = new PEMParser(new StringReader(new String(pem, UTF_8)))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
        if (certificates.size() > MAX_CERTIFICATES) {
          return List.of();
        }
      }
      return certificates;
    } catch (IOException | CertificateException | RuntimeException e) {
      // The parser lets its own mistakes about malformed input escape.
      return List.of();
    }
  }

  /// The one private key; empty, where there is none that can be read.
  static List<PrivateKey> key(byte[] pem) {
    var converter = new JcaPEMKeyConverter().setProvider(PROVIDER);
    try (var parser = new PEMParser(new StringReader(new String(pem, UTF_8)))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo info -> {
            return List.of(converter.getPrivateKey(info));
          }
          case PEMKeyPair pair -> {
            return List.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
          }
          default -> {
            // Parameters of a curve stand before some keys.
          }
        }
      }
      return List.of();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }
}
