package dev.referee.registry;

import dev.referee.oci.Manifest;
import dev.referee.registry.storage.MemoryBudget;
import dev.referee.registry.storage.StorageException;
import java.time.Duration;

/// The memory of manifests that are being pushed, all together a quarter of the heap: a thousand of
/// the largest at the same time would end the process (CVE-2017-11468 in the large).
final class ManifestMemory {
  /// What a manifest takes for each of its bytes while it is read: itself and what it says.
  private static final int PARSED = 8;

  /// Two of the largest always find room.
  private static final long MIN_BYTES = 2L * PARSED * Manifest.MAX_BYTES;

  private static final Duration MAX_WAIT = Duration.ofSeconds(20);

  private final MemoryBudget budget;

  ManifestMemory(long bytes, Duration maxWait) {
    this.budget =
        new MemoryBudget(
            Math.max(bytes, MIN_BYTES), maxWait, "too many manifests are being pushed; try again");
  }

  static ManifestMemory ofHeap() {
    return new ManifestMemory(Runtime.getRuntime().maxMemory() / 4, MAX_WAIT);
  }

  /// Holds what a manifest needs until it is closed.
  ///
  /// @param length of its body; negative when the client does not say
  /// @throws StorageException with `OVERLOADED` when others need the memory for too long
  MemoryBudget.Share hold(long length) throws StorageException {
    long bytes = length < 0 ? Manifest.MAX_BYTES : Math.min(length, Manifest.MAX_BYTES);
    var share = budget.share();
    share.hold(bytes * PARSED);
    return share;
  }
}
