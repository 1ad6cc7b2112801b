package dev.referee.registry.content;

import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Counts unfinished uploads and gives up those that nobody has touched, when one more is begun:
/// there is no other moment at which it matters.
final class UploadCount {
  /// How often all uploads are looked at while there is room.
  private static final Duration INTERVAL = Duration.ofHours(1);

  /// And how often when there is none, so that refusing is cheap.
  private static final Duration INTERVAL_WHEN_FULL = Duration.ofSeconds(10);

  private final ObjectStore store;
  private final UploadLimits limits;
  private final InstantSource clock;
  private @Nullable Instant counted;
  private int count;

  UploadCount(ObjectStore store, UploadLimits limits, InstantSource clock) {
    this.store = store;
    this.limits = limits;
    this.clock = clock;
  }

  /// Makes room for one more.
  ///
  /// @return false when there is none
  synchronized boolean add() throws StorageException {
    var now = clock.instant();
    var last = counted;
    if (last == null
        || now.isAfter(last.plus(count < limits.count() ? INTERVAL : INTERVAL_WHEN_FULL))) {
      counted = now;
      count = countLive(now);
    }
    if (count >= limits.count()) {
      return false;
    }
    count++;
    return true;
  }

  synchronized void remove() {
    count = Math.max(0, count - 1);
  }

  private int countLive(Instant now) throws StorageException {
    int live = 0;
    for (var ids = store.listUploads(null, ObjectStore.MAX_LISTED);
        !ids.isEmpty();
        ids = store.listUploads(ids.getLast(), ObjectStore.MAX_LISTED)) {
      for (var id : ids) {
        if (isLive(id, now)) {
          live++;
        }
      }
    }
    return live;
  }

  private boolean isLive(String id, Instant now) throws StorageException {
    try {
      var resumed = store.resumeUpload(id);
      if (resumed.isEmpty()) {
        return false;
      }
      try (var upload = resumed.get()) {
        if (upload.lastChange().plus(limits.idle()).isBefore(now)) {
          upload.abort();
          return false;
        }
        return true;
      }
    } catch (StorageException e) {
      if (e.reason() == StorageReason.BUSY) {
        return true;
      }
      throw e;
    }
  }
}
