package dev.referee.registry;

import dev.referee.registry.content.Collector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
  private final MeterRegistry meters;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("collection").factory());

  private ScheduledCollection(Collector collector, MeterRegistry meters) {
    this.collector = collector;
    this.meters = meters;
  }

  static ScheduledCollection start(Collector collector, Duration every, MeterRegistry meters) {
    var scheduled = new ScheduledCollection(collector, meters);
    // Runs until the timer is shut down; collect lets nothing escape.
    var _ =
        scheduled.timer.scheduleWithFixedDelay(
            scheduled::collect, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return scheduled;
  }

  private void collect() {
    var sample = Timer.start(meters);
    var outcome = "failed";
    try {
      var report = collector.run();
      outcome = "done";
      meters
          .counter("referee.registry.collected", "what", "manifests")
          .increment((double) report.manifests());
      meters
          .counter("referee.registry.collected", "what", "blobs")
          .increment((double) report.blobs());
      meters.counter("referee.registry.collected.bytes").increment((double) report.bytes());
    } catch (IOException | RuntimeException e) {
      // Whatever it was doing, the next one finishes it.
      LOG.error("a collection failed: {}", e.toString());
    } finally {
      sample.stop(
          Timer.builder("referee.registry.collections")
              .description("Looks for what nothing refers to, and removals of it")
              .tag("outcome", outcome)
              .register(meters));
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
