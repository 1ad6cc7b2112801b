package dev.referee.registry.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test moves.
public final class MovingClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration duration) {
    now = now.plus(duration);
  }
}
