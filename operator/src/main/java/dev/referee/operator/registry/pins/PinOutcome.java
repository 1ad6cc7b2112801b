package dev.referee.operator.registry.pins;

import java.util.Locale;

/// What became of a request for a lease.
enum PinOutcome {
  /// It holds.
  RENEWED,
  /// The registry has no such manifest: somebody deleted it, or the image came from elsewhere.
  ABSENT,
  /// The registry does not let the operator, which others of the same registry will hear too.
  REFUSED,
  /// The registry did not answer, or not as a registry does.
  FAILED;

  /// Whether the next request to the same registry would go the same way.
  boolean isOfTheRegistry() {
    return this == REFUSED || this == FAILED;
  }

  /// As metrics name it.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
