package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whoever a Sigstore instance has issued a certificate to.
///
/// @param trustRoot the ClusterTrustRoot that says which instance
/// @param identities whose certificates count; one of them has to hold
public record KeylessSpec(String trustRoot, List<IdentitySpec> identities) {
  public KeylessSpec(@Nullable String trustRoot, @Nullable List<IdentitySpec> identities) {
    this.trustRoot = Specs.required(trustRoot, "trustRoot");
    // Without any, everybody who has an account somewhere would count.
    this.identities = Specs.nonEmpty(identities, "identities");
  }
}
