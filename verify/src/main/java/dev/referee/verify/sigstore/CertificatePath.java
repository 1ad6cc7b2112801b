package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Providers;
import dev.referee.verify.trust.TrustedAuthority;
import dev.referee.verify.trust.WeakSignatures;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The way from a certificate to an authority of a trust root.
///
/// @param certificates from the lowest one up, without the authority's anchor
/// @param authority where it leads
record CertificatePath(List<X509Certificate> certificates, TrustedAuthority authority) {
  private static final int MAX_LENGTH = 6;

  CertificatePath {
    certificates = List.copyOf(certificates);
  }

  /// Finds the way: who signed the certificate, who signed that one, up to the anchor. A name alone
  /// leads nowhere.
  static Optional<CertificatePath> find(
      X509Certificate lowest, List<X509Certificate> intermediates, TrustedAuthority authority) {
    var known = new ArrayList<>(authority.chain());
    known.addAll(intermediates);
    var path = new ArrayList<X509Certificate>();
    var current = lowest;
    while (path.size() < MAX_LENGTH) {
      if (current.equals(authority.anchor())) {
        return path.isEmpty()
            ? Optional.empty()
            : Optional.of(new CertificatePath(path, authority));
      }
      path.add(current);
      if (isSignedBy(current, authority.anchor())) {
        return Optional.of(new CertificatePath(path, authority));
      }
      var below = current;
      var issuer =
          known.stream()
              .filter(candidate -> !path.contains(candidate))
              .filter(candidate -> isSignedBy(below, candidate))
              .findFirst();
      if (issuer.isEmpty()) {
        return Optional.empty();
      }
      current = issuer.get();
    }
    return Optional.empty();
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey(), Providers.BOUNCY_CASTLE);
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  /// Who issued the lowest certificate.
  X509Certificate issuer() {
    return certificates.size() > 1 ? certificates.get(1) : authority.anchor();
  }

  /// Whether every certificate, the anchor among them, is valid at that time, and the authority
  /// trusted.
  boolean isWithinValidity(Instant time) {
    var window = authority.window();
    return window != null
        && window.contains(time)
        && isValid(authority.anchor(), time)
        && certificates.stream().allMatch(certificate -> isValid(certificate, time));
  }

  /// When the first of its certificates ends.
  Instant end() {
    var end = authority.anchor().getNotAfter().toInstant();
    for (var certificate : certificates) {
      var other = certificate.getNotAfter().toInstant();
      end = other.isBefore(end) ? other : end;
    }
    return end;
  }

  private static boolean isValid(X509Certificate certificate, Instant time) {
    return !time.isBefore(certificate.getNotBefore().toInstant())
        && !time.isAfter(certificate.getNotAfter().toInstant());
  }

  /// Checks the path by RFC 5280 section 6 at that time, without revocation: certificates live for
  /// minutes, and what is revoked of an authority is taken out of the trust root.
  void validate(Instant time) throws UnprovenException {
    for (var certificate : certificates) {
      if (WeakSignatures.isWeak(certificate)) {
        throw new UnprovenException(
            CERTIFICATE_INVALID, "a certificate is signed with a weak algorithm");
      }
    }
    try {
      var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.anchor(), null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(time));
      var path =
          CertificateFactory.getInstance("X.509", Providers.BOUNCY_CASTLE)
              .generateCertPath(certificates);
      CertPathValidator.getInstance("PKIX", Providers.BOUNCY_CASTLE).validate(path, parameters);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new UnprovenException(
          CERTIFICATE_INVALID,
          "the certificate's chain to %s is not valid: %s"
              .formatted(authority.name(), e.getMessage()));
    }
  }
}
