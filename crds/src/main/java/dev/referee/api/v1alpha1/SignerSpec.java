package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Who may speak for an image: the spec of ClusterSigner and of Signer.
///
/// @param key the holder of a private key
public record SignerSpec(KeySpec key) {
  public SignerSpec(@Nullable KeySpec key) {
    this.key = Specs.required(key, "key");
  }
}
