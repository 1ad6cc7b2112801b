package dev.referee.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;

/// A Sigstore instance, or several.
///
/// @param trustedRoot its TrustedRoot in JSON; one document a line for several instances
/// @param prove what signatures must prove by it; absent, what the public instance proves
public record SigstoreTrustSpec(ValueSpec trustedRoot, ProofSpec prove) {
  public SigstoreTrustSpec(@Nullable ValueSpec trustedRoot, @Nullable ProofSpec prove) {
    this.trustedRoot = Specs.required(trustedRoot, "trustedRoot");
    this.prove = requireNonNullElse(prove, ProofSpec.STRICT);
  }
}
