package dev.referee.registry.storage;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Memory that requests of a kind have together: each is bounded, and so are all of them. Whoever
/// needs more than there is waits, and with it its client.
public final class MemoryBudget {
  private static final long UNIT_BYTES = 1 << 10;
  private static final long MAX_BYTES = Integer.MAX_VALUE * UNIT_BYTES;

  private final Semaphore free;
  private final Duration maxWait;
  private final String refusal;

  /// @param bytes how much there is
  /// @param maxWait how long a request waits for its share
  /// @param refusal what is said to one that waited in vain
  public MemoryBudget(long bytes, Duration maxWait, String refusal) {
    this.free = new Semaphore((int) (Math.clamp(bytes, 0, MAX_BYTES) / UNIT_BYTES), true);
    this.maxWait = requireNonNull(maxWait, "maxWait is null");
    this.refusal = requireNonNull(refusal, "refusal is null");
  }

  /// A share of nothing yet.
  public Share share() {
    return new Share();
  }

  /// What one request holds until it is closed; not for several threads.
  public final class Share implements AutoCloseable {
    private int units;

    private Share() {}

    /// Holds so much from now on, instead of what it held.
    ///
    /// @throws StorageException with `OVERLOADED` when others need the memory for too long
    public void hold(long bytes) throws StorageException {
      int wanted = (int) Math.ceilDiv(bytes, UNIT_BYTES);
      if (wanted > units) {
        acquire(wanted - units);
      } else {
        free.release(units - wanted);
      }
      units = wanted;
    }

    @Override
    public void close() {
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
    throw new StorageException(StorageReason.OVERLOADED, refusal, null);
  }
}
