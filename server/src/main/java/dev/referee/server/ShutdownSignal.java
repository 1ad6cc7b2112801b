package dev.referee.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/// Lets a command run until it is asked to stop (SIGTERM, Ctrl-C) and then end its work in peace:
///
/// ```java
/// try (var signal = ShutdownSignal.install(); var server = Registry.start(config)) {
///   signal.await();
/// }
/// ```
///
/// The process then exits with 0: being asked to stop is not a failure.
public final class ShutdownSignal implements AutoCloseable {
  /// Kubernetes kills after its own grace period anyway; this keeps a stuck command from hanging
  /// for ever elsewhere.
  private static final Duration MAX_SHUTDOWN = Duration.ofMinutes(2);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final IntConsumer halt;
  private final Duration patience;

  ShutdownSignal(IntConsumer halt, Duration patience) {
    this.halt = halt;
    this.patience = patience;
  }

  /// Begins to listen for the signal.
  public static ShutdownSignal install() {
    var signal = new ShutdownSignal(Runtime.getRuntime()::halt, MAX_SHUTDOWN);
    Runtime.getRuntime().addShutdownHook(new Thread(signal::onSignal, "shutdown"));
    return signal;
  }

  /// Blocks until the process is asked to stop.
  public void await() throws InterruptedException {
    requested.await();
  }

  /// Blocks until the process is asked to stop, or this much time has passed.
  ///
  /// @return whether it was asked to stop
  public boolean await(Duration patience) throws InterruptedException {
    return requested.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Asks to stop from inside.
  public void request() {
    requested.countDown();
  }

  /// Says that the work has ended and the process may go. Closed last, after the servers.
  @Override
  public void close() {
    finished.countDown();
  }

  /// Runs as the virtual machine's shutdown hook. Halting is the only way to another exit code than
  /// the signal's.
  void onSignal() {
    if (finished.getCount() == 0) {
      return;
    }
    request();
    try {
      halt.accept(finished.await(patience.toNanos(), TimeUnit.NANOSECONDS) ? 0 : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
