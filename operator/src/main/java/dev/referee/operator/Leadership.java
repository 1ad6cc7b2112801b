package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One operator of several does the work: whoever holds the Lease. Whoever lost it stops and stands
/// again; nothing ends for good.
///
/// The Lease saves work, it protects nothing: two leaders would write the same, and what must not
/// be written twice (keys) is stored under the version of what was read.
final class Leadership implements AutoCloseable {
  static final String LEASE = "referee-operator";

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final List<Supplier<AutoCloseable>> tasks;
  private final List<AutoCloseable> running = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean leading;
  private volatile @Nullable CompletableFuture<?> standing;

  private Leadership(
      KubernetesClient client, OperatorConfig config, List<Supplier<AutoCloseable>> tasks) {
    this.client = requireNonNull(client, "client is null");
    this.config = requireNonNull(config, "config is null");
    this.tasks = List.copyOf(tasks);
    this.thread = Thread.ofPlatform().name("leadership").unstarted(this::loop);
  }

  /// @param tasks each started when this operator begins to lead, and closed when it does no more
  static Leadership seek(
      KubernetesClient client, OperatorConfig config, List<Supplier<AutoCloseable>> tasks) {
    var leadership = new Leadership(client, config, tasks);
    leadership.thread.start();
    return leadership;
  }

  boolean isLeading() {
    return leading;
  }

  private void loop() {
    while (!closed) {
      try {
        var elected =
            client
                .leaderElector()
                .withConfig(
                    new LeaderElectionConfigBuilder()
                        .withName(LEASE)
                        .withLock(new LeaseLock(config.namespace(), LEASE, config.identity()))
                        .withLeaseDuration(config.lease())
                        .withRenewDeadline(config.lease().multipliedBy(2).dividedBy(3))
                        .withRetryPeriod(config.lease().dividedBy(7))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(
                            new LeaderCallbacks(this::begin, this::end, this::hear))
                        .build())
                .build()
                .start();
        standing = elected;
        elected.get();
        Thread.sleep(PAUSE);
      } catch (InterruptedException _) {
        return;
      } catch (ExecutionException | RuntimeException e) {
        if (closed) {
          return;
        }
        LOG.warn("the election failed and is tried again: {}", e.toString());
        if (!pause()) {
          return;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  private synchronized void begin() {
    if (closed || leading) {
      return;
    }
    LOG.info("{} leads", config.identity());
    leading = true;
    tasks.forEach(task -> running.add(Task.start(task, config.retry())));
  }

  private synchronized void end() {
    if (!leading) {
      return;
    }
    leading = false;
    LOG.info("{} leads no more", config.identity());
    for (var task : new ArrayList<>(running).reversed()) {
      try {
        task.close();
      } catch (Exception e) {
        LOG.warn("a task did not end well: {}", e.toString());
      }
    }
    running.clear();
  }

  private void hear(@Nullable String leader) {
    LOG.debug("{} leads", leader);
  }

  /// Gives the Lease back, so that the next one need not wait for its end.
  @Override
  public void close() {
    closed = true;
    end();
    var election = standing;
    if (election != null) {
      election.cancel(true);
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
