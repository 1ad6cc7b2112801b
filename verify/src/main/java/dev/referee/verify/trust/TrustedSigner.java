package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ResourceId;

/// A signer that a policy names, ready to check signatures with.
///
/// @param id the Signer or ClusterSigner
/// @param key the key it holds
public record TrustedSigner(ResourceId id, TrustedKey key) {
  public TrustedSigner {
    requireNonNull(id, "id is null");
    requireNonNull(key, "key is null");
  }

  /// The name that policies use.
  public String name() {
    return id.name();
  }
}
