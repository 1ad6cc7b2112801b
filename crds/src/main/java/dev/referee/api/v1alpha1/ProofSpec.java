package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// What a signature must prove beside who made it, counted by different logs and authorities.
///
/// @param transparencyLog in how many transparency logs it must be; absent, 1
/// @param signedCertificateTimestamps in how many logs its certificate must be; absent, 1
/// @param timestamps how many timestamp authorities must have said when; absent, 0
public record ProofSpec(
    Integer transparencyLog, Integer signedCertificateTimestamps, Integer timestamps) {
  /// What holds where nothing is said: what the public instance proves.
  public static final ProofSpec STRICT = new ProofSpec(null, null, null);

  private static final int MAX = 8;

  public ProofSpec(
      @Nullable Integer transparencyLog,
      @Nullable Integer signedCertificateTimestamps,
      @Nullable Integer timestamps) {
    this.transparencyLog = checked(transparencyLog, 1, "transparencyLog");
    this.signedCertificateTimestamps =
        checked(signedCertificateTimestamps, 1, "signedCertificateTimestamps");
    this.timestamps = checked(timestamps, 0, "timestamps");
  }

  private static int checked(@Nullable Integer given, int absent, String name) {
    int value = given == null ? absent : given;
    Specs.check(
        value >= 0 && value <= MAX, "%s %d is not within 0..%d".formatted(name, value, MAX));
    return value;
  }
}
