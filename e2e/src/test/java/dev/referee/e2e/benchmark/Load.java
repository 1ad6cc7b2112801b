package dev.referee.e2e.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What several clients were answered that ask as fast as they can.
///
/// @param answered how many answers there were, all of them right
/// @param seconds how long it took
record Load(long answered, double seconds) {
  private static final Duration LENGTH = Duration.ofSeconds(10);

  double perSecond() {
    return answered / seconds;
  }

  /// Opens a client's connection.
  @FunctionalInterface
  interface Connecting {
    ReviewConnection connect() throws Exception;
  }

  /// @param expected throws for an answer that is not the right one
  static Load run(
      int clients, Connecting connecting, List<byte[]> requests, Consumer<String> expected)
      throws Exception {
    var answered = new AtomicLong();
    long begun = System.nanoTime();
    long end = begun + LENGTH.toNanos();
    try (var threads = Executors.newFixedThreadPool(clients)) {
      var running = new ArrayList<Future<?>>();
      for (int c = 0; c < clients; c++) {
        int first = c;
        Callable<Object> client =
            () -> {
              try (var connection = connecting.connect()) {
                for (int i = first; System.nanoTime() < end; i++) {
                  expected.accept(connection.ask(requests.get(i % requests.size())));
                  answered.incrementAndGet();
                }
              }
              return true;
            };
        running.add(threads.submit(client));
      }
      for (var client : running) {
        client.get();
      }
    }
    return new Load(answered.get(), (System.nanoTime() - begun) / 1e9);
  }
}
