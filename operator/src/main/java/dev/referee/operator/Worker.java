package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one thing again and again: when it is told to, when it is time, and after a failure a while
/// later. Being told many times at once is being told once.
final class Worker implements AutoCloseable {
  private static final Duration MAX_RETRY = Duration.ofSeconds(30);

  /// A clock that jumps does not put off the next look for longer.
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

  /// What happens at once is looked at once.
  private static final Duration GATHER = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final Callable<Instant> work;
  private final Duration firstRetry;
  private final InstantSource clock;
  private final Semaphore wanted = new Semaphore(1);
  private final Thread thread;
  private volatile boolean closed;

  private Worker(String name, Callable<Instant> work, Duration firstRetry, InstantSource clock) {
    this.work = requireNonNull(work, "work is null");
    this.firstRetry = requireNonNull(firstRetry, "firstRetry is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.thread = Thread.ofPlatform().name(name).unstarted(this::loop);
  }

  /// @param work returns when to do it again at the latest
  static Worker start(
      String name, Callable<Instant> work, Duration firstRetry, InstantSource clock) {
    var worker = new Worker(name, work, firstRetry, clock);
    worker.thread.start();
    return worker;
  }

  /// Something may have to be done now.
  void trigger() {
    wanted.release();
  }

  private void loop() {
    var retry = firstRetry;
    while (!closed) {
      try {
        wanted.drainPermits();
        var next = work.call();
        retry = firstRetry;
        await(Duration.between(clock.instant(), next));
      } catch (InterruptedException _) {
        return;
      } catch (Throwable e) {
        // An error, too: a thread that is gone would hold the leader's role and do nothing.
        if (closed) {
          return;
        }
        LOG.warn("{} failed and is tried again in {}: {}", thread.getName(), retry, e.toString());
        LOG.debug("the failure", e);
        if (!pause(retry)) {
          return;
        }
        retry = retry.multipliedBy(2).compareTo(MAX_RETRY) > 0 ? MAX_RETRY : retry.multipliedBy(2);
      }
    }
  }

  private void await(Duration time) throws InterruptedException {
    var pause = time.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : time;
    if (wanted.tryAcquire(Math.max(0, pause.toMillis()), TimeUnit.MILLISECONDS)) {
      Thread.sleep(GATHER);
    }
  }

  private static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  /// Ends it, when what it does now is done or has noticed the interrupt.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
