package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that runs while an operator leads. What cannot start yet (a CRD that is not installed,
/// say) is tried again until it can, and keeps nothing else waiting meanwhile.
final class Task implements AutoCloseable {
  private static final Duration MAX_RETRY = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  private final Supplier<AutoCloseable> starter;
  private final Duration firstRetry;
  private final Thread thread;
  private @Nullable AutoCloseable running;
  private boolean closed;

  private Task(Supplier<AutoCloseable> starter, Duration firstRetry) {
    this.starter = requireNonNull(starter, "starter is null");
    this.firstRetry = requireNonNull(firstRetry, "firstRetry is null");
    this.thread = Thread.ofVirtual().name("task").unstarted(this::loop);
  }

  /// Begins and returns at once.
  static Task start(Supplier<AutoCloseable> starter, Duration firstRetry) {
    var task = new Task(starter, firstRetry);
    task.thread.start();
    return task;
  }

  private void loop() {
    var retry = firstRetry;
    while (true) {
      try {
        keep(starter.get());
        return;
      } catch (RuntimeException e) {
        if (isClosed()) {
          return;
        }
        LOG.warn("a task did not start and is tried again in {}: {}", retry, e.toString());
        LOG.debug("the failure", e);
      }
      try {
        Thread.sleep(retry);
      } catch (InterruptedException _) {
        return;
      }
      retry = retry.multipliedBy(2).compareTo(MAX_RETRY) > 0 ? MAX_RETRY : retry.multipliedBy(2);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /// Whoever was not waited for ends at once.
  private void keep(AutoCloseable started) {
    synchronized (this) {
      if (!closed) {
        running = started;
        return;
      }
    }
    close(started);
  }

  @Override
  public void close() {
    AutoCloseable started;
    synchronized (this) {
      closed = true;
      started = running;
    }
    thread.interrupt();
    if (started != null) {
      close(started);
    }
  }

  private static void close(AutoCloseable started) {
    try {
      started.close();
    } catch (Exception e) {
      LOG.warn("a task did not end well: {}", e.toString());
    }
  }
}
