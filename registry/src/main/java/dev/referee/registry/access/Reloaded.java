package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What files say, looked at again when it is used and the last look was a while ago. They are
/// compared by content: what a kubelet mounts changes by a symbolic link. What cannot be used
/// leaves the old in force, and is logged.
///
/// @param <T> what they say, with the bytes by which a change is seen
final class Reloaded<T> implements Supplier<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

  /// How soon a changed file is in force.
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final String what;
  private final Source<T> source;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile T value;
  private volatile Instant looked;

  /// @param what names it in the log
  /// @param first what the files say now
  Reloaded(String what, T first, Source<T> source, InstantSource clock) {
    this.what = requireNonNull(what, "what is null");
    this.value = requireNonNull(first, "first is null");
    this.source = requireNonNull(source, "source is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.looked = clock.instant();
  }

  /// Reads the files.
  @FunctionalInterface
  interface Source<T> {
    /// What they say now, where that is something else.
    ///
    /// @param before what they said the last time
    /// @return empty while they say the same
    /// @throws AccessFileException with a sentence, when they cannot be used
    Optional<T> changed(T before) throws AccessFileException;
  }

  @Override
  public T get() {
    var now = clock.instant();
    // One looks, the others go on.
    if (!now.isBefore(looked.plus(INTERVAL)) && looking.tryLock()) {
      try {
        looked = now;
        var changed = source.changed(value);
        if (changed.isPresent()) {
          value = changed.get();
          LOG.info("{}: what was changed is in force", what);
        }
      } catch (AccessFileException e) {
        LOG.error("{}: the old stays in force: {}", what, e.getMessage());
      } finally {
        looking.unlock();
      }
    }
    return value;
  }
}
