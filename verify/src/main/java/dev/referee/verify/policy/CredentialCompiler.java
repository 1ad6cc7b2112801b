package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.IdentitySpec;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.KeylessSpec;
import dev.referee.api.v1alpha1.NotationSpec;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.X509IdentitySpec;
import dev.referee.api.v1alpha1.X509Spec;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.Validity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Turns what a signer is into what its signatures are checked against.
final class CredentialCompiler {
  private final Texts texts;
  private final TrustRootTable roots;

  CredentialCompiler(Texts texts, TrustRootTable roots) {
    this.texts = requireNonNull(texts, "texts is null");
    this.roots = requireNonNull(roots, "roots is null");
  }

  Credential.Key key(ResourceId id, KeySpec spec) throws UnresolvedException {
    var pem = texts.of(id, spec.publicKey(), spec.secretKeyRef(), spec.configMapKeyRef());
    try {
      return new Credential.Key(
          TrustedKey.parse(pem, spec.hashAlgorithm()),
          new Validity(spec.validFrom(), spec.validUntil()),
          spec.trustRoot() == null ? null : roots.sigstore(spec.trustRoot()));
    } catch (UnusableKeyException e) {
      throw new UnresolvedException(Problem.INVALID_KEY, String.valueOf(e.getMessage()));
    }
  }

  Credential.Keyless keyless(KeylessSpec spec) throws UnresolvedException {
    var identities = new ArrayList<CertificateIdentity>();
    for (var identity : spec.identities()) {
      identities.add(identity(identity));
    }
    return new Credential.Keyless(roots.sigstore(spec.trustRoot()), identities);
  }

  Credential.X509 x509(ResourceId id, X509Spec spec) throws UnresolvedException {
    var identities = new ArrayList<CertificateIdentity>();
    for (var identity : spec.identities()) {
      identities.add(identity(identity));
    }
    var trust =
        spec.trustRoot() != null
            ? roots.authority(spec.trustRoot())
            : roots.authority(id, requireNonNull(spec.certificates(), "x509 has one of two"));
    return new Credential.X509(trust, identities);
  }

  Credential.Notation notation(ResourceId id, NotationSpec spec) throws UnresolvedException {
    return new NotationCompiler(texts).compile(id, spec);
  }

  private static CertificateIdentity identity(IdentitySpec spec) throws UnresolvedException {
    try {
      return CertificateIdentity.of(claims(spec.literals()), claims(spec.patterns()));
    } catch (IllegalArgumentException e) {
      throw new UnresolvedException(Problem.INVALID_IDENTITY, String.valueOf(e.getMessage()));
    }
  }

  private static CertificateIdentity identity(X509IdentitySpec spec) throws UnresolvedException {
    try {
      return CertificateIdentity.ofName(claims(spec.literals()), claims(spec.patterns()));
    } catch (IllegalArgumentException e) {
      throw new UnresolvedException(Problem.INVALID_IDENTITY, String.valueOf(e.getMessage()));
    }
  }

  /// The claims by their names. A field that is no claim must not be lost.
  private static Map<CertificateClaim, String> claims(Map<String, String> fields) {
    var claims = new EnumMap<CertificateClaim, String>(CertificateClaim.class);
    fields.forEach((name, value) -> claims.put(claim(name), value));
    return claims;
  }

  private static CertificateClaim claim(String name) {
    List<CertificateClaim> all = Arrays.asList(CertificateClaim.values());
    return all.stream()
        .filter(claim -> claim.field().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " is not a claim"));
  }
}
