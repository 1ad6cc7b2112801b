package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Certificates in PEM, by what they are trusted for.
///
/// @param ca authorities whose certificates signers have
/// @param signingAuthority those that are also trusted to tell when they signed
/// @param tsa roots of authorities for timestamps. Present, they have to prove the time
public record NotationTrustStoresSpec(
    @Nullable ValueSpec ca, @Nullable ValueSpec signingAuthority, @Nullable ValueSpec tsa) {
  public NotationTrustStoresSpec {
    Specs.check(
        ca != null || signingAuthority != null, "trustStores has neither ca nor signingAuthority");
  }
}
