package dev.referee.registry.mirror;

import static dev.referee.registry.content.ErrorCode.UNAVAILABLE;

import dev.referee.registry.content.RegistryException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Does equal work once, a bounded number at a time, and to its end also when whoever asked for it
/// has gone: a client that gives up a large layer finds it here the next time.
final class Flights implements AutoCloseable {
  /// What is done.
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mirror-", 0).factory());
  private final Semaphore places;

  Flights(int places) {
    this.places = new Semaphore(places);
  }

  /// Begins work, or finds that it is under way.
  Future<Boolean> begin(String key, Work work) {
    var mine = new CompletableFuture<Boolean>();
    var other = underWay.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    if (!places.tryAcquire()) {
      underWay.remove(key, mine);
      mine.completeExceptionally(
          new RegistryException(UNAVAILABLE, "too much is brought from upstreams; try again"));
      return mine;
    }
    threads.execute(() -> run(key, work, mine));
    return mine;
  }

  private void run(String key, Work work, CompletableFuture<Boolean> mine) {
    Throwable failure = null;
    try {
      work.run();
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    places.release();
    underWay.remove(key, mine);
    if (failure == null) {
      mine.complete(true);
    } else {
      mine.completeExceptionally(failure);
    }
  }

  /// Waits for work.
  ///
  /// @throws RegistryException with `UNAVAILABLE` when it takes longer; it goes on
  static void await(Future<Boolean> work, Duration patience) throws IOException {
    try {
      work.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("bringing something failed", e.getCause());
    } catch (TimeoutException e) {
      throw new RegistryException(UNAVAILABLE, "the upstream is still sending; come again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException(UNAVAILABLE, "the registry is stopping");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
