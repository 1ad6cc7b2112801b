package dev.referee.verify.notation;

/// What is checked about a signature beside its integrity, which nobody can do without
/// (trust-store-trust-policy.md, "Signature Verification").
public enum Validation {
  /// Signed by somebody who is trusted.
  AUTHENTICITY,
  /// Signed while the certificates were valid.
  AUTHENTIC_TIMESTAMP,
  /// Not past the signer's "best by".
  EXPIRY,
  /// No certificate was taken back.
  REVOCATION
}
