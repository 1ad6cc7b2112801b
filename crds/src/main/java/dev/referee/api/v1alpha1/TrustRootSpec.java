package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Trust material that signers name: the spec of ClusterTrustRoot, exactly one of the two.
///
/// @param sigstore a Sigstore instance
/// @param certificates authorities of one's own
public record TrustRootSpec(
    @Nullable SigstoreTrustSpec sigstore, @Nullable CertificatesSpec certificates) {
  public TrustRootSpec {
    Specs.check(
        (sigstore == null) != (certificates == null),
        "a trust root is exactly one of sigstore or certificates");
  }
}
