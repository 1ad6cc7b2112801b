package dev.referee.verify.notation;

/// When a timestamp has to prove that a signature is older than the end of its certificates.
public enum TimestampUse {
  /// Wherever authorities for timestamps are trusted.
  ALWAYS,
  /// Only once a certificate of the chain has expired.
  AFTER_CERTIFICATE_EXPIRY
}
