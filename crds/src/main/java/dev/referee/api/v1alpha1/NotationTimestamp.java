package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// When a timestamp has to prove the time of a signature.
public enum NotationTimestamp {
  /// Wherever authorities for timestamps are trusted.
  @JsonProperty("always")
  ALWAYS("always"),
  /// Only once a certificate of the chain has expired.
  @JsonProperty("afterCertExpiry")
  AFTER_CERT_EXPIRY("afterCertExpiry");

  private final String label;

  NotationTimestamp(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
