package dev.referee.verify;

import dev.referee.api.v1alpha1.IdentitySpec;
import org.jspecify.annotations.Nullable;

/// Identities for the tests of policies.
public final class Identities {
  private Identities() {}

  /// An identity by issuer and subject alone.
  public static IdentitySpec of(
      @Nullable String issuer,
      @Nullable String issuerPattern,
      @Nullable String subject,
      @Nullable String subjectPattern) {
    return new IdentitySpec(
        issuer,
        issuerPattern,
        subject,
        subjectPattern,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
