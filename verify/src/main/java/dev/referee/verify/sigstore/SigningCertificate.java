package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/// The certificate of whoever signed, and the ways from it to a trust root.
final class SigningCertificate {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;

  private final X509Certificate leaf;
  private final List<X509Certificate> intermediates;
  private final TrustedKey key;

  private SigningCertificate(
      X509Certificate leaf, List<X509Certificate> intermediates, TrustedKey key) {
    this.leaf = requireNonNull(leaf, "leaf is null");
    this.intermediates = List.copyOf(intermediates);
    this.key = requireNonNull(key, "key is null");
  }

  /// Takes what a bundle has, if it is made as a certificate for signing has to be.
  ///
  /// @throws UnprovenException with `CERTIFICATE_INVALID`
  static SigningCertificate of(Bundle.Material.Certificate material) throws UnprovenException {
    var leaf = material.leaf();
    for (var intermediate : material.intermediates()) {
      // Whom to trust is not for the bundle to say.
      if (intermediate.getSubjectX500Principal().equals(intermediate.getIssuerX500Principal())) {
        throw invalid("comes with a root certificate");
      }
    }
    checkPurpose(leaf);
    try {
      var info = SubjectPublicKeyInfo.getInstance(leaf.getPublicKey().getEncoded());
      return new SigningCertificate(leaf, material.intermediates(), TrustedKey.of(info, null));
    } catch (UnusableKeyException | RuntimeException e) {
      throw invalid("has a key that is not used: " + e.getMessage());
    }
  }

  private static void checkPurpose(X509Certificate leaf) throws UnprovenException {
    if (leaf.getBasicConstraints() >= 0) {
      throw invalid("is an authority's, not a signer's");
    }
    var usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN]) {
      throw invalid("is not one for signatures");
    }
    try {
      var purposes = leaf.getExtendedKeyUsage();
      if (purposes == null
          || !purposes.contains(KeyPurposeId.id_kp_codeSigning.getId())
          || purposes.contains(KeyPurposeId.anyExtendedKeyUsage.getId())) {
        throw invalid("is not one for signing code");
      }
    } catch (CertificateParsingException e) {
      throw invalid("has a malformed purpose");
    }
  }

  X509Certificate leaf() {
    return leaf;
  }

  TrustedKey key() {
    return key;
  }

  /// Finds the way to an authority of the trust root that holds at every one of these times.
  ///
  /// Never at the certificate's own start: an authority that had expired when the signature was
  /// made would still do (CVE-2026-24122).
  ///
  /// @param times proven ones, at least one
  CertificatePath pathAt(TrustRoot root, List<Instant> times) throws UnprovenException {
    UnprovenException refusal = null;
    for (var authority : root.authorities()) {
      var path = CertificatePath.find(root.issuers(), leaf, intermediates, authority);
      if (path.isPresent()) {
        try {
          checkAt(root, path.get(), times);
          return path.get();
        } catch (UnprovenException e) {
          refusal = moreTelling(refusal, e);
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    throw new UnprovenException(
        UNTRUSTED_CERTIFICATE,
        "the certificate is of an authority that the trust root does not name (%s)"
            .formatted(leaf.getIssuerX500Principal().getName()));
  }

  private static void checkAt(TrustRoot root, CertificatePath path, List<Instant> times)
      throws UnprovenException {
    for (var time : times) {
      if (!path.isWithinValidity(time)) {
        throw new UnprovenException(
            CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
            "it was signed at %s, when a certificate of its chain was not valid or not trusted"
                .formatted(time));
      }
    }
    path.validate(root.issuers(), times.getFirst());
  }

  private static UnprovenException moreTelling(
      @Nullable UnprovenException one, UnprovenException other) {
    return one == null || other.reason() == CERTIFICATE_INVALID ? other : one;
  }

  private static UnprovenException invalid(String what) {
    return new UnprovenException(CERTIFICATE_INVALID, "the certificate " + what);
  }
}
