package dev.referee.registry.content;

import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts unfinished uploads and gives up those that nobody has touched, when one more is begun and
/// when the registry is collected.
final class UploadCount {
  private static final Logger LOG = LoggerFactory.getLogger(UploadCount.class);

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

  /// Gives up those that nobody has touched for long.
  synchronized void giveUpIdle() throws StorageException {
    counted = clock.instant();
    count = countLive(clock.instant());
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

  /// Only what is idle is opened: to give it up. One that cannot be read is nobody's to finish, and
  /// stays for whoever looks into it.
  private boolean isLive(String id, Instant now) throws StorageException {
    try {
      var changed = store.uploadChanged(id);
      if (changed.isEmpty() || !isIdle(changed.get(), now)) {
        return changed.isPresent();
      }
      var resumed = store.resumeUpload(id);
      if (resumed.isEmpty()) {
        return false;
      }
      try (var upload = resumed.get()) {
        if (!isIdle(upload.lastChange(), now)) {
          return true;
        }
        upload.abort();
        return false;
      }
    } catch (StorageException e) {
      return switch (e.reason()) {
        case BUSY -> true;
        case CORRUPT -> {
          LOG.warn("the upload {} cannot be read: {}", id, e.getMessage());
          yield false;
        }
        case NO_SPACE, OVERLOADED, UNAVAILABLE -> throw e;
      };
    }
  }

  private boolean isIdle(Instant changed, Instant now) {
    return changed.plus(limits.idle()).isBefore(now);
  }
}
