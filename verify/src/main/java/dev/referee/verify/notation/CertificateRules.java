package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Issuers;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.WeakSignatures;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// What a chain of certificates has to be made like (signature-specification.md, "Certificate
/// Requirements"), whoever is trusted: complete from the signer's to a root, each issued by the
/// next, nothing beside.
///
/// Stricter than the specification in one point: a critical extension that is not read here refuses
/// the chain, as RFC 5280 section 4.2 has it. An authority that may issue for some names only must
/// not issue for others.
final class CertificateRules {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int NON_REPUDIATION = 1;
  private static final int KEY_CERT_SIGN = 5;

  private static final Set<String> READ =
      Set.of(
          Extension.basicConstraints.getId(),
          Extension.keyUsage.getId(),
          Extension.extendedKeyUsage.getId());
  private static final Set<String> FOREIGN_PURPOSES =
      Set.of(
          KeyPurposeId.anyExtendedKeyUsage.getId(),
          KeyPurposeId.id_kp_serverAuth.getId(),
          KeyPurposeId.id_kp_clientAuth.getId(),
          KeyPurposeId.id_kp_emailProtection.getId(),
          KeyPurposeId.id_kp_OCSPSigning.getId());

  private final Purpose purpose;

  private CertificateRules(Purpose purpose) {
    this.purpose = purpose;
  }

  /// What the lowest certificate is for.
  enum Purpose {
    SIGNING,
    TIMESTAMPING
  }

  /// Checks a chain.
  ///
  /// @param chain from the lowest certificate to the root
  /// @param issuers what is remembered of those who are trusted
  /// @throws UnprovenException with `CERTIFICATE_INVALID`
  static void check(List<X509Certificate> chain, Purpose purpose, Issuers issuers)
      throws UnprovenException {
    var rules = new CertificateRules(purpose);
    for (int i = 0; i < chain.size(); i++) {
      var certificate = chain.get(i);
      boolean isLast = i == chain.size() - 1;
      checkIssued(certificate, isLast ? certificate : chain.get(i + 1), isLast, issuers);
      checkExtensions(certificate);
      if (i == 0) {
        rules.checkLowest(certificate);
      } else {
        checkAuthority(certificate, i - 1);
      }
    }
  }

  private static void checkIssued(
      X509Certificate certificate, X509Certificate issuer, boolean isLast, Issuers issuers)
      throws UnprovenException {
    if (!isLast && isSelfIssued(certificate)) {
      throw invalid(certificate, "is self-signed and not the last of its chain");
    }
    if (!issuers.isSignedBy(certificate, issuer)) {
      throw invalid(
          certificate,
          isLast
              ? "is the last of its chain and no root"
              : "is not issued by the next of its chain");
    }
    if (WeakSignatures.isWeak(certificate)) {
      throw invalid(certificate, "is signed with a weak algorithm");
    }
    var key = EnvelopeAlgorithm.key(certificate);
    try {
      TrustedKey.of(SubjectPublicKeyInfo.getInstance(key.getEncoded()), null);
    } catch (UnusableKeyException | RuntimeException e) {
      throw invalid(certificate, "has a key that is not used: " + e.getMessage());
    }
  }

  /// Whether a certificate says that its holder issued it.
  static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static void checkExtensions(X509Certificate certificate) throws UnprovenException {
    var critical = certificate.getCriticalExtensionOIDs();
    if (critical != null && !READ.containsAll(critical)) {
      throw invalid(certificate, "has a critical extension that is not read");
    }
    if (critical == null
        || !critical.contains(Extension.keyUsage.getId())
        || certificate.getKeyUsage() == null) {
      throw invalid(certificate, "does not say what its key is for, as a critical extension");
    }
  }

  private static void checkAuthority(X509Certificate certificate, int below)
      throws UnprovenException {
    int length = certificate.getBasicConstraints();
    if (length < 0
        || !certificate.getCriticalExtensionOIDs().contains(Extension.basicConstraints.getId())) {
      throw invalid(certificate, "is not an authority's, by a critical extension");
    }
    if (length < below) {
      throw invalid(
          certificate, "has %d authorities below it, %d are allowed".formatted(below, length));
    }
    if (!certificate.getKeyUsage()[KEY_CERT_SIGN]) {
      throw invalid(certificate, "has a key that may not sign certificates");
    }
  }

  private void checkLowest(X509Certificate certificate) throws UnprovenException {
    if (certificate.getBasicConstraints() >= 0) {
      throw invalid(certificate, "is an authority's, not a signer's");
    }
    var usage = certificate.getKeyUsage();
    for (int bit = 0; bit < usage.length; bit++) {
      boolean allowed = bit == DIGITAL_SIGNATURE || bit == NON_REPUDIATION;
      if (usage[bit] ? !allowed : bit == DIGITAL_SIGNATURE) {
        throw invalid(certificate, "has a key that is not for signatures alone");
      }
    }
    checkPurposes(certificate);
  }

  private void checkPurposes(X509Certificate certificate) throws UnprovenException {
    try {
      var purposes = certificate.getExtendedKeyUsage();
      var timestamping = KeyPurposeId.id_kp_timeStamping.getId();
      boolean suits =
          switch (purpose) {
            case SIGNING -> purposes == null || !purposes.contains(timestamping);
            // Alone and critical (RFC 3161 section 2.3).
            case TIMESTAMPING ->
                List.of(timestamping).equals(purposes)
                    && certificate
                        .getCriticalExtensionOIDs()
                        .contains(Extension.extendedKeyUsage.getId());
          };
      if (!suits || (purposes != null && purposes.stream().anyMatch(FOREIGN_PURPOSES::contains))) {
        throw invalid(certificate, "is for something else: " + purposes);
      }
    } catch (CertificateParsingException e) {
      throw invalid(certificate, "has a malformed purpose");
    }
  }

  private static UnprovenException invalid(X509Certificate certificate, String what) {
    return new UnprovenException(
        CERTIFICATE_INVALID,
        "the certificate %s %s"
            .formatted(Headers.brief(certificate.getSubjectX500Principal().getName()), what));
  }
}
