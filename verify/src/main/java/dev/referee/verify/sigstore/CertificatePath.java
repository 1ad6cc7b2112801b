package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Issuers;
import dev.referee.verify.trust.Providers;
import dev.referee.verify.trust.TrustedAuthority;
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
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// The way from a certificate to an authority of a trust root.
///
/// @param certificates from the lowest one up, without the authority's anchor
/// @param authority where it leads
record CertificatePath(List<X509Certificate> certificates, TrustedAuthority authority) {
  private static final int MAX_LENGTH = 6;

  /// What certificates may be signed with, by OID: names differ from provider to provider, and
  /// Bouncy Castle's for ECDSA with SHA-1 is just ECDSA.
  private static final Set<String> STRONG =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256.getId(),
          X9ObjectIdentifiers.ecdsa_with_SHA384.getId(),
          X9ObjectIdentifiers.ecdsa_with_SHA512.getId(),
          PKCSObjectIdentifiers.sha256WithRSAEncryption.getId(),
          PKCSObjectIdentifiers.sha384WithRSAEncryption.getId(),
          PKCSObjectIdentifiers.sha512WithRSAEncryption.getId(),
          EdECObjectIdentifiers.id_Ed25519.getId());

  CertificatePath {
    certificates = List.copyOf(certificates);
  }

  /// Finds the way: who signed the certificate, who signed that one, up to the anchor. A name alone
  /// leads nowhere.
  static Optional<CertificatePath> find(
      Issuers issuers,
      X509Certificate lowest,
      List<X509Certificate> intermediates,
      TrustedAuthority authority) {
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
      if (issuers.isSignedBy(current, authority.anchor())) {
        return Optional.of(new CertificatePath(path, authority));
      }
      var below = current;
      var issuer =
          known.stream()
              .filter(candidate -> !path.contains(candidate))
              .filter(candidate -> issuers.isSignedBy(below, candidate))
              .findFirst();
      if (issuer.isEmpty()) {
        return Optional.empty();
      }
      current = issuer.get();
    }
    return Optional.empty();
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

  /// The certificates with what [#find] has found out about who signed them.
  private List<X509Certificate> proven() {
    var proven = new ArrayList<X509Certificate>();
    for (int i = 0; i < certificates.size(); i++) {
      var issuer = i + 1 < certificates.size() ? certificates.get(i + 1) : authority.anchor();
      proven.add(new ProvenCertificate(certificates.get(i), issuer.getPublicKey()));
    }
    return proven;
  }

  /// Checks the path by RFC 5280 section 6 at that time, without revocation: certificates live for
  /// minutes, and what is revoked of an authority is taken out of the trust root. Callers have
  /// asked [#isWithinValidity] about that time: apart from that, nothing depends on it.
  void validate(Issuers issuers, Instant time) throws UnprovenException {
    var whole = withAnchor();
    if (!issuers.isKnown(whole)) {
      validate(time);
      issuers.remember(whole);
    }
  }

  /// The certificates, up to the anchor.
  List<X509Certificate> withAnchor() {
    var whole = new ArrayList<>(certificates);
    whole.add(authority.anchor());
    return whole;
  }

  private void validate(Instant time) throws UnprovenException {
    for (var certificate : certificates) {
      if (!STRONG.contains(certificate.getSigAlgOID())) {
        throw new UnprovenException(
            CERTIFICATE_INVALID,
            "a certificate of the chain is signed with %s (%s), which is not trusted"
                .formatted(certificate.getSigAlgName(), certificate.getSigAlgOID()));
      }
    }
    // RFC 5280 does not look at the anchor; what it was made for binds all the same.
    int below = authority.anchor().getBasicConstraints();
    if (below >= 0 && certificates.size() - 1 > below) {
      throw new UnprovenException(
          CERTIFICATE_INVALID,
          "the certificate's chain is longer than %s allows".formatted(authority.name()));
    }
    try {
      var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority.anchor(), null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(time));
      var path =
          CertificateFactory.getInstance("X.509", Providers.BOUNCY_CASTLE)
              .generateCertPath(proven());
      CertPathValidator.getInstance("PKIX", Providers.BOUNCY_CASTLE).validate(path, parameters);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new UnprovenException(
          CERTIFICATE_INVALID,
          "the certificate's chain to %s is not valid: %s"
              .formatted(authority.name(), e.getMessage()));
    }
  }
}
