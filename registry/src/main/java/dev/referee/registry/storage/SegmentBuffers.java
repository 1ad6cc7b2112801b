package dev.referee.registry.storage;

import java.time.Duration;

/// The memory of uploads that are being written: what each has received of its next segment, and
/// all together never more than half of the heap. An upload that nobody writes needs none.
final class SegmentBuffers {
  /// S3 services charge and answer by the request; memory is what a larger one costs.
  static final int SEGMENT_BYTES = 8 << 20;

  /// Two uploads can always fill their segments.
  private static final long MIN_BYTES = 2L * SEGMENT_BYTES;

  private static final long MAX_BYTES = 256L * SEGMENT_BYTES;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private SegmentBuffers() {}

  static MemoryBudget ofHeap() {
    return of(Runtime.getRuntime().maxMemory() / 2, MAX_WAIT);
  }

  static MemoryBudget of(long bytes, Duration maxWait) {
    return new MemoryBudget(
        Math.clamp(bytes, MIN_BYTES, MAX_BYTES),
        maxWait,
        "too many uploads are being written; try again");
  }
}
