package dev.referee.operator.registry.tls;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/// What the operator has issued for a registry.
///
/// @param authority data of the Secret of the authority, PEM
/// @param serving data of the Secret that the registry serves with, PEM
/// @param bundle the certificates that clients must trust, PEM
/// @param servingUntil when the certificate ends
/// @param authorityUntil when the authority that signed it ends
public record IssuedCertificates(
    Map<String, String> authority,
    Map<String, String> serving,
    String bundle,
    Instant servingUntil,
    Instant authorityUntil) {
  public IssuedCertificates {
    authority = Map.copyOf(authority);
    serving = Map.copyOf(serving);
    requireNonNull(bundle, "bundle is null");
    requireNonNull(servingUntil, "servingUntil is null");
    requireNonNull(authorityUntil, "authorityUntil is null");
  }

  /// Nothing of the keys.
  @Override
  public String toString() {
    return "certificate until %s, authority until %s".formatted(servingUntil, authorityUntil);
  }
}
