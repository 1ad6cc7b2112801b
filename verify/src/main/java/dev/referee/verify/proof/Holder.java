package dev.referee.verify.proof;

import dev.referee.oci.Digest;
import dev.referee.verify.trust.CertificateClaim;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Somebody who has signed, whatever signers of policies they count as. Two who have any mark in
/// common are one: one person under two names, or one key in two certificates, has signed once.
///
/// @param marks what they are told from others by, at least one
public record Holder(Set<String> marks) {
  public Holder {
    marks = Set.copyOf(marks);
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("somebody who is nobody");
    }
  }

  /// The holder of a key.
  static Holder ofKey(Digest fingerprint) {
    return new Holder(Set.of("key " + fingerprint));
  }

  /// Whoever Sigstore knows by a subject of an issuer. Their keys are made for one signature.
  static Holder ofIdentity(Map<CertificateClaim, String> claims) {
    return new Holder(
        Set.of(
            "identity "
                + List.of(
                    claims.getOrDefault(CertificateClaim.ISSUER, ""),
                    claims.getOrDefault(CertificateClaim.SUBJECT, ""))));
  }

  /// Whoever has a certificate of an authority of one's own.
  static Holder ofCertificate(Digest key, Map<CertificateClaim, String> claims) {
    var names = new ArrayList<String>();
    names.add(claims.getOrDefault(CertificateClaim.DISTINGUISHED_NAME, ""));
    names.add(claims.getOrDefault(CertificateClaim.SUBJECT, ""));
    return new Holder(Set.of("key " + key, "name " + names));
  }

  /// Whoever has a certificate that a trust store of the Notary Project leads to.
  static Holder ofCertificate(X509Certificate certificate) {
    return new Holder(
        Set.of(
            "key " + Digest.of(certificate.getPublicKey().getEncoded()),
            "name " + List.of(certificate.getSubjectX500Principal().getName(), "")));
  }
}
