package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// A public key.
///
/// @param publicKey one PEM block, `BEGIN PUBLIC KEY`
/// @param hashAlgorithm absent, what Sigstore uses for such a key
public record KeySpec(String publicKey, @Nullable HashAlgorithm hashAlgorithm) {
  public KeySpec(@Nullable String publicKey, @Nullable HashAlgorithm hashAlgorithm) {
    this.publicKey = Specs.required(publicKey, "publicKey");
    this.hashAlgorithm = hashAlgorithm;
  }
}
