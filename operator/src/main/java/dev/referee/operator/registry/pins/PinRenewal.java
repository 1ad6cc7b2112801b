package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.audit.PodImage;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what runs from being collected, for as long as it is open. Two at once would ask twice for
/// the same: it is for the leader alone.
public final class PinRenewal implements AutoCloseable {
  /// A new pod's image is kept by its age for longer.
  public static final Duration INTERVAL = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(PinRenewal.class);
  private static final Duration CLOSING = Duration.ofSeconds(20);

  private final PinRound round;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private PinRenewal(PinRound round, Duration interval) {
    this.round = round;
    this.interval = requireNonNull(interval, "interval is null");
    this.thread = Thread.ofVirtual().name("pins").unstarted(this::loop);
  }

  /// Begins and returns at once.
  ///
  /// @param running what runs; empty while nobody knows
  /// @param registries in which that is kept
  /// @param interval between two looks
  public static PinRenewal start(
      Supplier<Optional<Set<PodImage>>> running,
      Supplier<List<PinnedRegistry>> registries,
      RegistryTokens tokens,
      MeterRegistry meters,
      InstantSource clock,
      Duration interval) {
    var renewal =
        new PinRenewal(
            new PinRound(running, registries, tokens, new PinMeters(meters), clock), interval);
    renewal.thread.start();
    return renewal;
  }

  private void loop() {
    try {
      do {
        look();
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      round.run();
    } catch (KubernetesClientException e) {
      LOG.warn("pinning is interrupted and goes on in a moment: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("pinning failed over an error of ours", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    // Also what waits for a registry; leases hold for a day.
    thread.interrupt();
    try {
      if (!thread.join(CLOSING)) {
        LOG.warn("pinning did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
