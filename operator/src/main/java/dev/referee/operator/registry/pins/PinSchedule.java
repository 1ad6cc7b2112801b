package dev.referee.operator.registry.pins;

import dev.referee.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// When which lease is to be renewed. What is new is due at once; what holds, at a moment that
/// follows from its digest, so that what began together does not go on together. Not safe for use
/// by several threads.
final class PinSchedule {
  /// How long a lease holds: an operator that is away for a night loses nothing.
  static final Duration LEASE = Duration.ofDays(1);

  /// Two thirds of the lease are left for what may go wrong.
  private static final Duration EARLIEST = Duration.ofHours(6);

  private static final Duration SPREAD = Duration.ofHours(2);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(2);
  private static final Duration WHILE_ABSENT = Duration.ofHours(1);

  /// A hundred thousand would be more images than any cluster runs.
  static final int MAX_PINS = 100_000;

  private final Map<Pin, Instant> due = new HashMap<>();

  /// Forgets what does not run any more, whose leases end by themselves, and takes note of what is
  /// new.
  ///
  /// @return how much there was no room for
  int keep(Set<Pin> running, Instant now) {
    due.keySet().retainAll(running);
    int left = 0;
    for (var pin : running) {
      if (due.containsKey(pin)) {
        continue;
      }
      if (due.size() < MAX_PINS) {
        due.put(pin, now);
      } else {
        left++;
      }
    }
    return left;
  }

  /// What is to be renewed in one registry, that which waits longest first.
  List<Pin> due(String endpoint, Instant now, int most) {
    return due.entrySet().stream()
        .filter(entry -> entry.getKey().endpoint().equals(endpoint))
        .filter(entry -> !entry.getValue().isAfter(now))
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Takes note of what became of one.
  void done(Pin pin, PinOutcome outcome, Instant now) {
    var pause =
        switch (outcome) {
          case RENEWED -> EARLIEST.plus(share(pin.digest()));
          case ABSENT -> WHILE_ABSENT;
          case REFUSED, FAILED -> AFTER_FAILURE;
        };
    due.computeIfPresent(pin, (_, _) -> now.plus(pause));
  }

  private static Duration share(Digest digest) {
    return Duration.ofSeconds(Math.floorMod(digest.hashCode(), SPREAD.toSeconds()));
  }

  int size() {
    return due.size();
  }
}
