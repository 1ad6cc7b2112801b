package dev.referee.verify.trust;

/// What a signature must prove beside who made it. Each number counts different logs or
/// authorities, never entries: one that says the same twice has said it once (CVE-2026-49834).
///
/// @param transparencyLog in how many transparency logs the signature must be
/// @param signedCertificateTimestamps in how many logs of certificates the certificate must be
/// @param timestamps how many timestamp authorities must have said when
public record ProofProfile(int transparencyLog, int signedCertificateTimestamps, int timestamps) {
  /// What the public instance proves, and the most that every client can: the default.
  public static final ProofProfile STRICT = new ProofProfile(1, 1, 0);

  public ProofProfile {
    if (transparencyLog < 0 || signedCertificateTimestamps < 0 || timestamps < 0) {
      throw new IllegalArgumentException("a negative number of proofs");
    }
  }
}
