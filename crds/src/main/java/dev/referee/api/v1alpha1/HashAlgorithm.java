package dev.referee.api.v1alpha1;

/// What a signer hashes with before it signs.
public enum HashAlgorithm {
  SHA256,
  SHA384,
  SHA512
}
