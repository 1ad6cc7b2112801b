package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.GeneralName;

/// What a certificate of an authority of one's own says about its holder. Claims become facts when
/// the certificate is proven.
final class IssuedCertificate {
  private IssuedCertificate() {}

  /// Reads the names. A certificate may have none of either kind, and with several alternative ones
  /// none of them is the signer's.
  ///
  /// @throws UnprovenException with `CERTIFICATE_INVALID`
  static Map<CertificateClaim, String> claims(X509Certificate certificate)
      throws UnprovenException {
    var claims = new EnumMap<CertificateClaim, String>(CertificateClaim.class);
    var name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    if (!name.isEmpty()) {
      claims.put(CertificateClaim.DISTINGUISHED_NAME, name);
    }
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null && alternatives.size() == 1) {
        var only = alternatives.iterator().next();
        if (isRead((Integer) only.get(0)) && only.get(1) instanceof String text) {
          claims.put(CertificateClaim.SUBJECT, text);
        }
      }
      return Collections.unmodifiableMap(claims);
    } catch (CertificateParsingException e) {
      throw new UnprovenException(
          CERTIFICATE_INVALID, "the certificate has a malformed subject alternative name");
    }
  }

  private static boolean isRead(int kind) {
    return kind == GeneralName.rfc822Name
        || kind == GeneralName.dNSName
        || kind == GeneralName.uniformResourceIdentifier;
  }
}
