package dev.referee.verify.revocation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether something signed about revocation is of today. What says no end could be replayed for
/// ever, so it is refused.
final class Freshness {
  /// Clocks differ.
  private static final Duration SKEW = Duration.ofMinutes(5);

  private Freshness() {}

  /// @param start since when it holds
  /// @param end until when, both ends included
  static Instant check(String what, Instant start, @Nullable Instant end, Instant now)
      throws RevocationUnavailableException {
    if (start.isAfter(now.plus(SKEW))) {
      throw new RevocationUnavailableException(
          "%s is from %s, in the future".formatted(what, start));
    }
    if (end == null) {
      throw new RevocationUnavailableException(what + " does not say until when it holds");
    }
    if (now.isAfter(end)) {
      throw new RevocationUnavailableException("%s ended at %s".formatted(what, end));
    }
    return end;
  }
}
