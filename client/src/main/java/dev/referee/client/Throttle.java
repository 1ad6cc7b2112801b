package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Holds requests back so that no more are sent than a [RequestRate] allows.
///
/// Each request takes the next free slot of an imagined timetable; whoever would have to wait past
/// its deadline takes none and is told at once.
final class Throttle {
  private final long slotNanos;
  private final long creditNanos;
  private final LongSupplier nanoTime;
  private long nextFree;

  /// @param nanoTime the monotonic clock
  Throttle(RequestRate rate, LongSupplier nanoTime) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.slotNanos = Duration.ofSeconds(1).toNanos() / rate.perSecond();
    this.creditNanos = slotNanos * (rate.burst() - 1);
    this.nextFree = nanoTime.getAsLong() - creditNanos;
  }

  /// How long to wait before the request may be sent; its slot is taken.
  ///
  /// @throws SourceException with `TIMEOUT` when that is later than there is time for
  synchronized Duration take(Deadline deadline) throws SourceException {
    long now = nanoTime.getAsLong();
    // Slots that nobody took are kept for a burst, and no longer.
    long slot = nextFree - (now - creditNanos) < 0 ? now - creditNanos : nextFree;
    var wait = Duration.ofNanos(Math.max(0, slot - now));
    if (wait.compareTo(deadline.remaining()) > 0) {
      throw new SourceException(
          TIMEOUT, "the configured rate of requests leaves no room before the deadline");
    }
    nextFree = slot + slotNanos;
    return wait;
  }
}
