package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// When a workload is verified again. It follows from the clock, the workload and when it was
/// verified last, and from nothing that a restart loses.
///
/// @param interval within which each is verified once
record Schedule(Duration interval) {
  /// What could not be found out is asked for sooner, but not all the time.
  private static final int RETRIES_PER_INTERVAL = 12;

  private static final Duration MIN_RETRY = Duration.ofMinutes(1);

  Schedule {
    requireNonNull(interval, "interval is null");
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("the interval is not positive: " + interval);
    }
  }

  /// The first moment after the last verification at which it is this workload's turn. Turns come
  /// once an interval and are spread over it, so that ten thousand workloads are no wave, not even
  /// after all were verified at once.
  ///
  /// @param uid the workload's
  /// @param last when it was verified last
  Instant next(String uid, Instant last) {
    long step = interval.toMillis();
    long phase = Math.floorMod(spread(uid), step);
    long turns = Math.floorDiv(last.toEpochMilli() - phase, step) + 1;
    return Instant.ofEpochMilli(turns * step + phase);
  }

  /// When to ask again for what could not be found out.
  Instant retry(Instant last) {
    var pause = interval.dividedBy(RETRIES_PER_INTERVAL);
    return last.plus(pause.compareTo(MIN_RETRY) < 0 ? MIN_RETRY : pause);
  }

  /// Mixes well enough that ids which differ in one character are far apart.
  private static long spread(String uid) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < uid.length(); i++) {
      hash = (hash ^ uid.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9e3779b97f4a7c15L;
    return hash ^ (hash >>> 29);
  }
}
