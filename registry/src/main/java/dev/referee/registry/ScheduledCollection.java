package dev.referee.registry;

import dev.referee.registry.content.Collector;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Collects again and again. Replicas do not agree on who does: several at once are harmless.
final class ScheduledCollection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledCollection.class);

  /// How long the end of the registry waits for a collection.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Collector collector;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("collection").factory());

  private ScheduledCollection(Collector collector) {
    this.collector = collector;
  }

  static ScheduledCollection start(Collector collector, Duration every) {
    var scheduled = new ScheduledCollection(collector);
    // Runs until the timer is shut down; collect lets nothing escape.
    var _ =
        scheduled.timer.scheduleWithFixedDelay(
            scheduled::collect, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return scheduled;
  }

  private void collect() {
    try {
      collector.run();
    } catch (IOException | RuntimeException e) {
      // Whatever it was doing, the next one finishes it.
      LOG.error("a collection failed: {}", e.toString());
    }
  }

  /// A collection that runs ends where it is and takes its marks back, unless the store keeps it
  /// waiting.
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a collection did not end in time; what it marked is refused for a while");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
