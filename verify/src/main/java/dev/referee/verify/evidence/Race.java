package dev.referee.verify.evidence;

import dev.referee.oci.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Runs one task per element on virtual threads and hands the results back as they are ready, so
/// that one slow referrer does not hold up the others. What still runs when the race is closed is
/// interrupted.
///
/// @param <R> what a task results in
final class Race<R> implements AutoCloseable {
  private static final long GRACE_MILLIS = 50;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Arrival<R>> arrivals = new LinkedBlockingQueue<>();
  private final Deadline deadline;
  private int underWay;

  private record Arrival<R>(Optional<R> result, Optional<Throwable> failure) {}

  private Race(Deadline deadline) {
    this.deadline = deadline;
  }

  static <E, R> Race<R> start(List<E> elements, Deadline deadline, Function<E, R> task) {
    var race = new Race<R>(deadline);
    for (var element : elements) {
      race.threads.execute(() -> race.run(element, task));
      race.underWay++;
    }
    return race;
  }

  private <E> void run(E element, Function<E, R> task) {
    try {
      arrivals.add(new Arrival<>(Optional.of(task.apply(element)), Optional.empty()));
    } catch (RuntimeException | Error e) {
      // An error, too: a result that never comes would look like a slow registry.
      arrivals.add(new Arrival<>(Optional.empty(), Optional.of(e)));
    }
  }

  /// The next result; empty when there are no more, or when the deadline passes first.
  ///
  /// @throws IllegalStateException for a bug in a task, with the cause
  Optional<R> next() {
    if (underWay == 0) {
      return Optional.empty();
    }
    try {
      // Tasks end by the deadline themselves; the grace is for handing over what they found by
      // then.
      var arrival =
          arrivals.poll(deadline.remaining().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
      if (arrival == null) {
        return Optional.empty();
      }
      underWay--;
      if (arrival.failure().isPresent()) {
        throw new IllegalStateException("examining evidence failed", arrival.failure().get());
      }
      return arrival.result();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// Whether results are missing that [#next] will not hand out any more.
  boolean isUnfinished() {
    return underWay > 0;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
