package dev.referee.verify.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads certificates in PEM, at least one (RFC 7468 section 5). What stands between the blocks is
/// explanation, as tools print it.
public final class PemCertificates {
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_CERTIFICATES = 64;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final Pattern BLOCK =
      Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

  private PemCertificates() {}

  /// Reads the certificates, in their order.
  ///
  /// @throws UnusableTrustRootException when there is none, or one that cannot be read
  public static List<X509Certificate> read(String pem) throws UnusableTrustRootException {
    if (pem.length() > MAX_CHARS) {
      throw new UnusableTrustRootException(
          "the certificates have more than %d characters".formatted(MAX_CHARS));
    }
    if (pem.contains("PRIVATE KEY-----")) {
      throw new UnusableTrustRootException("there is a private key among the certificates");
    }
    var certificates = new ArrayList<X509Certificate>();
    var blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      certificates.add(certificate(blocks.group(1)));
    }
    int begun = pem.split(Pattern.quote(BEGIN), -1).length - 1;
    if (certificates.isEmpty() || certificates.size() != begun) {
      throw new UnusableTrustRootException("these are not PEM blocks that begin with " + BEGIN);
    }
    if (certificates.size() > MAX_CERTIFICATES) {
      throw new UnusableTrustRootException(
          "there are %d certificates, %d are read"
              .formatted(certificates.size(), MAX_CERTIFICATES));
    }
    return List.copyOf(certificates);
  }

  /// Whether it names itself as its issuer.
  public static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static X509Certificate certificate(String base64) throws UnusableTrustRootException {
    try {
      return Certificates.read(Base64.getDecoder().decode(base64.replaceAll("\\s", "")))
          .orElseThrow(
              () -> new UnusableTrustRootException("a PEM block is not an X.509 certificate"));
    } catch (IllegalArgumentException e) {
      throw new UnusableTrustRootException("a PEM block is not base64");
    }
  }
}
