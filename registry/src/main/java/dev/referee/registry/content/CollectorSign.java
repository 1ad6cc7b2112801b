package dev.referee.registry.content;

import dev.referee.registry.storage.StorageException;
import java.time.Duration;
import java.time.Instant;

/// The sign of life of one collection: given again and again while it runs, so that its marks count
/// for as long as it lasts.
final class CollectorSign {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final CollectionMarks marks;
  private final PushIds ids;
  private final String collector;
  private Instant last;

  CollectorSign(CollectionMarks marks, PushIds ids, String collector) {
    this.marks = marks;
    this.ids = ids;
    this.collector = collector;
    // Its name says when it began.
    this.last = PushIds.timeOf(collector);
  }

  String collector() {
    return collector;
  }

  Instant now() {
    return ids.now();
  }

  /// Gives a sign when the last is a while ago. Called at every step that may take long.
  void give() throws StorageException {
    var now = ids.now();
    if (last.plus(EVERY).isBefore(now)) {
      marks.sign(collector);
      last = now;
    }
  }

  /// Whether what was marked since a moment is marked for everybody.
  boolean isSteadySince(Instant marked) {
    var latest = last.isAfter(marked) ? last : marked;
    return ids.now().isBefore(latest.plus(CollectionMarks.STEADY));
  }
}
