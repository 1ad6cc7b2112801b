package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Who issued whom. Certificates of the trust root are asked for at every verification: what they
/// signed of each other is checked once, and their keys are kept ready. Nothing is remembered about
/// anybody else's.
public final class Issuers {
  private static final Map<String, HashAlgorithm> ECDSA =
      Map.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256.getId(), HashAlgorithm.SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384.getId(), HashAlgorithm.SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512.getId(), HashAlgorithm.SHA512);

  private final Set<X509Certificate> trusted = new HashSet<>();
  private final Map<Link, Boolean> links = new ConcurrentHashMap<>();
  private final Map<IssuerKey, Optional<TrustedKey>> keys = new ConcurrentHashMap<>();

  /// One certificate of the trust root below another.
  private record Link(X509Certificate certificate, X509Certificate issuer) {}

  /// One certificate of the trust root, signing in one way.
  private record IssuerKey(X509Certificate issuer, HashAlgorithm hash) {}

  private final Set<List<X509Certificate>> paths = ConcurrentHashMap.newKeySet();

  /// Nobody's: nothing is remembered.
  public static Issuers nobodys() {
    return new Issuers(List.of());
  }

  /// Those of trust stores.
  public static Issuers of(List<X509Certificate> certificates) {
    var issuers = nobodys();
    issuers.trusted.addAll(certificates);
    return issuers;
  }

  /// @param authorities whose certificates are remembered
  public Issuers(List<TrustedAuthority> authorities) {
    for (var authority : requireNonNull(authorities, "authorities is null")) {
      trusted.addAll(authority.chain());
    }
  }

  /// Whether the one certificate is signed by the other, in its name.
  public boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    boolean known = trusted.contains(certificate) && trusted.contains(issuer);
    return known
        ? links.computeIfAbsent(
            new Link(certificate, issuer), link -> verifies(link.certificate(), link.issuer()))
        : verifies(certificate, issuer);
  }

  /// The key of one of the trust root's certificates, kept ready for signatures of that kind; empty
  /// for anybody else's, and for other kinds.
  ///
  /// @param signatureAlgorithm an OID
  public Optional<TrustedKey> key(X509Certificate certificate, String signatureAlgorithm) {
    var hash = ECDSA.get(signatureAlgorithm);
    return hash != null && trusted.contains(certificate)
        ? keys.computeIfAbsent(new IssuerKey(certificate, hash), Issuers::key)
        : Optional.empty();
  }

  /// Whether that path is known to hold at any time at which all of its certificates are valid.
  ///
  /// @param path from the lowest certificate to the anchor
  public boolean isKnown(List<X509Certificate> path) {
    return paths.contains(path);
  }

  /// Remembers that a path holds, if all of it is the trust root's own.
  public void remember(List<X509Certificate> path) {
    if (trusted.containsAll(path)) {
      paths.add(List.copyOf(path));
    }
  }

  private boolean verifies(X509Certificate certificate, X509Certificate issuer) {
    try {
      var hash = ECDSA.get(certificate.getSigAlgOID());
      if (hash != null && trusted.contains(issuer)) {
        var key = keys.computeIfAbsent(new IssuerKey(issuer, hash), Issuers::key);
        return key.isPresent() && verifies(certificate, key.get());
      }
      certificate.verify(issuer.getPublicKey(), Providers.BOUNCY_CASTLE);
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  private static boolean verifies(X509Certificate certificate, TrustedKey key)
      throws GeneralSecurityException {
    var structure = Certificate.getInstance(certificate.getEncoded());
    // The algorithm stands in a certificate twice, and only one of them is signed.
    return structure.getSignatureAlgorithm().equals(structure.getTBSCertificate().getSignature())
        && key.verifies(certificate.getTBSCertificate(), certificate.getSignature());
  }

  private static Optional<TrustedKey> key(IssuerKey issuer) {
    try {
      var info = SubjectPublicKeyInfo.getInstance(issuer.issuer().getPublicKey().getEncoded());
      return Optional.of(TrustedKey.of(info, issuer.hash()));
    } catch (UnusableKeyException e) {
      return Optional.empty();
    }
  }
}
