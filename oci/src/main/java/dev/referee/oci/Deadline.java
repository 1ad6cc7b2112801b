package dev.referee.oci;

import java.time.Duration;

/// The moment by which work must have ended, on the monotonic clock: neither a changed wall clock
/// nor a policy's clock moves it.
///
/// @param nanoTime the value of [System#nanoTime] at which it passes
public record Deadline(long nanoTime) {
  /// A deadline this long from now.
  public static Deadline in(Duration budget) {
    return new Deadline(System.nanoTime() + budget.toNanos());
  }

  /// The time left; zero when it has passed, never negative.
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  public boolean hasPassed() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /// The earlier of the two.
  public Deadline earlier(Deadline other) {
    return nanoTime - other.nanoTime <= 0 ? this : other;
  }
}
