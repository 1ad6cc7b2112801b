package dev.referee.registry.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The memory of uploads that are open: each holds a few segments for a moment, and all together
/// never more than half of the heap. Who finds none waits, and with it its client.
final class SegmentBuffers {
  /// S3 services charge and answer by the request; memory is what a larger one costs.
  static final int SEGMENT_BYTES = 8 << 20;

  private static final int SEGMENTS_OF_ONE = 4;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final Semaphore free =
      new Semaphore(
          Math.clamp(
              Runtime.getRuntime().maxMemory() / 2 / (SEGMENTS_OF_ONE * SEGMENT_BYTES), 2, 256),
          true);

  /// The right to hold segments.
  final class Buffer {
    private final AtomicBoolean held = new AtomicBoolean(true);

    void release() {
      if (held.compareAndSet(true, false)) {
        free.release();
      }
    }
  }

  Buffer acquire() throws StorageException {
    try {
      if (free.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Buffer();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StorageException(
        StorageReason.UNAVAILABLE, "too many uploads are being written; try again", null);
  }
}
