package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// A token that was just given to somebody.
///
/// @param value what goes behind `Bearer`
/// @param issued when
/// @param lifetime how long it can be used from then
public record IssuedToken(String value, Instant issued, Duration lifetime) {
  public IssuedToken {
    requireNonNull(value, "value is null");
    requireNonNull(issued, "issued is null");
    requireNonNull(lifetime, "lifetime is null");
  }

  /// Never printed with its value.
  @Override
  public String toString() {
    return "IssuedToken[%s, %s]".formatted(issued, lifetime);
  }
}
