package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A lock that is waited for no longer than the request it is for.
final class TimedLock implements AutoCloseable {
  private final ReentrantLock lock;

  private TimedLock(ReentrantLock lock) {
    this.lock = lock;
  }

  /// Acquires a lock until it is closed.
  ///
  /// @param doing what is done under it, for the message: `fetching a token`
  static TimedLock acquire(ReentrantLock lock, String doing, Deadline deadline)
      throws SourceException {
    try {
      if (!lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SourceException(TIMEOUT, doing + " took too long");
      }
      return new TimedLock(lock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(TIMEOUT, doing + " was given up", e);
    }
  }

  @Override
  public void close() {
    lock.unlock();
  }
}
