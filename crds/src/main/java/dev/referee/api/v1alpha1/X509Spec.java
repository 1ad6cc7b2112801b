package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whoever an authority of one's own has issued a certificate for signing code to.
///
/// @param trustRoot the ClusterTrustRoot with the authority; or else
/// @param certificates the authority itself
/// @param identities whose certificates count; one of them has to hold
public record X509Spec(
    @Nullable String trustRoot,
    @Nullable CertificatesSpec certificates,
    List<X509IdentitySpec> identities) {
  public X509Spec(
      @Nullable String trustRoot,
      @Nullable CertificatesSpec certificates,
      @Nullable List<X509IdentitySpec> identities) {
    Specs.check(trustRoot == null || !trustRoot.isEmpty(), "trustRoot is missing");
    Specs.check(
        (trustRoot == null) != (certificates == null),
        "x509 has exactly one of trustRoot or certificates");
    this.trustRoot = trustRoot;
    this.certificates = certificates;
    this.identities = Specs.nonEmpty(identities, "identities");
  }
}
