package dev.referee.registry.content;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Names for pushes and generations: unique in the world, and in the order of time, so that a list
/// of names is a list by age.
public final class PushIds {
  /// Microseconds since 1970 in hexadecimal, enough until the year 4200.
  private static final int TIME_DIGITS = 14;

  /// Beside the microsecond; nobody has to guess them, they only must not collide.
  private static final int RANDOM_BYTES = 10;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong last = new AtomicLong();

  public PushIds(InstantSource clock) {
    this.clock = clock;
  }

  /// When a name was given. What is no name was never young.
  static Instant timeOf(String name) {
    try {
      long micros = HexFormat.fromHexDigitsToLong(name, 0, Math.min(TIME_DIGITS, name.length()));
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    } catch (IllegalArgumentException e) {
      return Instant.EPOCH;
    }
  }

  /// The time by the clock that names are given by.
  Instant now() {
    return clock.instant();
  }

  /// A name that sorts after every earlier one of this process, even when the clock stands still.
  String next() {
    var now = clock.instant();
    long micros =
        TimeUnit.SECONDS.toMicros(now.getEpochSecond())
            + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    long time = last.updateAndGet(previous -> Math.max(previous + 1, micros));
    var unique = new byte[RANDOM_BYTES];
    random.nextBytes(unique);
    return HexFormat.of().toHexDigits(time, TIME_DIGITS) + "-" + HexFormat.of().formatHex(unique);
  }
}
