package dev.referee.registry.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The memory of uploads that are being written: what each has received of its next segment, and
/// all together never more than half of the heap. Whoever needs more than there is waits, and with
/// it its client; an upload that nobody writes needs none.
final class SegmentBuffers {
  /// S3 services charge and answer by the request; memory is what a larger one costs.
  static final int SEGMENT_BYTES = 8 << 20;

  private static final long UNIT_BYTES = 1 << 10;

  /// Two uploads can always fill their segments.
  private static final long MIN_BYTES = 2L * SEGMENT_BYTES;

  private static final long MAX_BYTES = 256L * SEGMENT_BYTES;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final Semaphore free;
  private final Duration maxWait;

  SegmentBuffers(long bytes, Duration maxWait) {
    this.free = new Semaphore((int) (Math.clamp(bytes, MIN_BYTES, MAX_BYTES) / UNIT_BYTES), true);
    this.maxWait = maxWait;
  }

  static SegmentBuffers ofHeap() {
    return new SegmentBuffers(Runtime.getRuntime().maxMemory() / 2, MAX_WAIT);
  }

  Share share() {
    return new Share();
  }

  /// What one upload holds; not for several threads.
  final class Share {
    private int units;

    private Share() {}

    /// Holds so much from now on, instead of what it held.
    ///
    /// @throws StorageException with `OVERLOADED` when others need the memory for too long
    void hold(long bytes) throws StorageException {
      int wanted = (int) ((bytes + UNIT_BYTES - 1) / UNIT_BYTES);
      if (wanted > units) {
        acquire(wanted - units);
      } else {
        free.release(units - wanted);
      }
      units = wanted;
    }

    void release() {
      free.release(units);
      units = 0;
    }
  }

  private void acquire(int units) throws StorageException {
    try {
      if (free.tryAcquire(units, maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StorageException(
        StorageReason.OVERLOADED, "too many uploads are being written; try again", null);
  }
}
