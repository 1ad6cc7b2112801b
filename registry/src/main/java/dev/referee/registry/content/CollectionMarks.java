package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// Says whose marks count. A collector that was killed leaves its marks, and what it marked would
/// be refused for ever: so the marks of one that has given no sign for long count no more, and a
/// collector that gave none for much less does nothing by its own marks.
final class CollectionMarks {
  /// Longer than a collector that goes on ever pauses, by a multiple.
  static final Duration ALIVE = Duration.ofHours(1);

  /// A collector that could give no sign for so long starts anew.
  static final Duration STEADY = Duration.ofMinutes(10);

  private final ObjectStore store;
  private final PushIds ids;

  CollectionMarks(ObjectStore store, PushIds ids) {
    this.store = store;
    this.ids = ids;
  }

  /// Whether there is a mark that counts.
  ///
  /// @param prefix where the marks of one manifest are
  boolean isMarked(String prefix) throws StorageException {
    for (var mark : store.list(prefix, null, ObjectStore.MAX_LISTED)) {
      if (isAlive(Keys.name(mark))) {
        return true;
      }
    }
    return false;
  }

  /// Whether a collector may still do what it has marked.
  boolean isAlive(String collector) throws StorageException {
    var latest = ids.now().minus(ALIVE);
    return PushIds.timeOf(collector).isAfter(latest) || lastSign(collector).isAfter(latest);
  }

  /// A collector gives a sign.
  void sign(String collector) throws StorageException {
    store.put(Keys.sign(collector), ids.now().toString().getBytes(UTF_8));
  }

  private Instant lastSign(String collector) throws StorageException {
    try {
      return store
          .get(Keys.sign(collector))
          .map(sign -> Instant.parse(new String(sign, UTF_8)))
          .orElse(Instant.EPOCH);
    } catch (DateTimeException e) {
      // What cannot be read may be fresh.
      return Instant.MAX;
    }
  }
}
