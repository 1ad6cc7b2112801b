package dev.referee.verify.evidence;

import dev.referee.oci.Deadline;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs one task per element on virtual threads and hands the results back as they are ready, so
/// that one slow referrer does not hold up the others. What still runs when the race is closed is
/// interrupted.
///
/// Not all start at once: whoever finds what it looks for among the first few need not have asked a
/// registry for the rest. Each result that was not enough starts two more, and whoever waits for a
/// slow registry soon has everything under way.
///
/// @param <E> what there is a task for
/// @param <R> what a task results in
final class Race<E, R> implements AutoCloseable {
  private static final long GRACE_MILLIS = 50;

  /// What starts at once.
  static final int FIRST = 4;

  private static final Duration PATIENCE = Duration.ofMillis(5);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();
  private final Deadline deadline;
  private final Iterator<E> waiting;
  private final Duration patience;
  private final Function<E, R> task;
  private int underWay;
  private int results;

  private record Arrival<R>(Optional<R> result, Optional<Throwable> failure) {}

  private Race(List<E> elements, Deadline deadline, Duration patience, Function<E, R> task) {
    this.waiting = elements.iterator();
    this.deadline = deadline;
    this.patience = patience;
    this.task = task;
  }

  static <E, R> Race<E, R> start(List<E> elements, Deadline deadline, Function<E, R> task) {
    return start(elements, deadline, PATIENCE, task);
  }

  /// @param patience after so long without a result as many start again as are under way
  static <E, R> Race<E, R> start(
      List<E> elements, Deadline deadline, Duration patience, Function<E, R> task) {
    var race = new Race<>(elements, deadline, patience, task);
    race.start(FIRST);
    return race;
  }

  private void start(int count) {
    for (int i = 0; i < count && waiting.hasNext(); i++) {
      var element = waiting.next();
      threads.execute(() -> run(element));
      underWay++;
    }
  }

  private void run(E element) {
    try {
      arrivals.add(new Arrival<>(Optional.of(task.apply(element)), Optional.empty()));
    } catch (RuntimeException | Error e) {
      // An error, too: a result that never comes would look like a slow registry.
      arrivals.add(new Arrival<>(Optional.empty(), Optional.of(e)));
    }
  }

  /// The next result; empty when there are no more, or when the deadline passes first. Asking for
  /// another says that those before were not enough.
  ///
  /// @throws IllegalStateException for a bug in a task, with the cause
  Optional<R> next() {
    if (results > 0) {
      start(2);
    }
    if (underWay == 0) {
      return Optional.empty();
    }
    try {
      var arrival = await();
      if (arrival == null) {
        return Optional.empty();
      }
      underWay--;
      results++;
      if (arrival.failure().isPresent()) {
        throw new IllegalStateException("examining evidence failed", arrival.failure().get());
      }
      return arrival.result();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private @Nullable Arrival<R> await() throws InterruptedException {
    while (waiting.hasNext() && deadline.remaining().isPositive()) {
      var arrival = arrivals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (arrival != null) {
        return arrival;
      }
      start(underWay);
    }
    // Tasks end by the deadline themselves; the grace is for handing over what they found by then.
    return arrivals.poll(deadline.remaining().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Whether results are missing that [#next] will not hand out any more.
  boolean isUnfinished() {
    return underWay > 0 || waiting.hasNext();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
