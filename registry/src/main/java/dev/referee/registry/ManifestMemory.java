package dev.referee.registry;

import dev.referee.oci.Manifest;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The memory of manifests that are being pushed, all together a quarter of the heap: a thousand of
/// the largest at the same time would end the process (CVE-2017-11468 in the large). Whoever finds
/// none waits, and is then told to come again.
final class ManifestMemory {
  /// What a manifest takes for each of its bytes while it is read: itself and what it says.
  private static final int PARSED = 8;

  private static final int UNIT_BYTES = 1 << 10;

  /// Two of the largest always find room.
  private static final long MIN_BYTES = 2L * PARSED * Manifest.MAX_BYTES;

  private static final long MAX_BYTES = (long) Integer.MAX_VALUE * UNIT_BYTES;
  private static final Duration MAX_WAIT = Duration.ofSeconds(20);

  private final Semaphore free;
  private final Duration maxWait;

  ManifestMemory(long bytes, Duration maxWait) {
    this.free = new Semaphore((int) (Math.clamp(bytes, MIN_BYTES, MAX_BYTES) / UNIT_BYTES), true);
    this.maxWait = maxWait;
  }

  static ManifestMemory ofHeap() {
    return new ManifestMemory(Runtime.getRuntime().maxMemory() / 4, MAX_WAIT);
  }

  /// What one push holds until it is closed.
  final class Share implements AutoCloseable {
    private final int units;

    private Share(int units) {
      this.units = units;
    }

    @Override
    public void close() {
      free.release(units);
    }
  }

  /// Holds what a manifest needs.
  ///
  /// @param length of its body; negative when the client does not say
  /// @throws RegistryException with `UNAVAILABLE` when others need the memory for too long
  Share hold(long length) throws RegistryException {
    long bytes = length < 0 ? Manifest.MAX_BYTES : Math.min(length, Manifest.MAX_BYTES);
    int units = (int) Math.ceilDiv(bytes * PARSED, UNIT_BYTES);
    try {
      if (free.tryAcquire(units, maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Share(units);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RegistryException(
        ErrorCode.UNAVAILABLE, "too many manifests are being pushed; try again");
  }
}
