package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.ClusterGate;
import dev.referee.operator.cluster.ClusterWrites;
import dev.referee.operator.cluster.Events;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies running images again and again, for as long as it is open. Two at once would write the
/// same reports: it is for the leader alone.
public final class Audit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  /// Pods of one page of a list: a page of whole pods is what there is of them at most.
  private static final long PAGE = 250;

  /// Rounds are at least this far apart, so that a rollout is some rounds and not a hundred.
  private static final Duration PACE = Duration.ofMillis(500);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(30);

  private final SharedIndexInformer<Pod> informer;
  private final AuditRounds rounds;
  private final Semaphore bell;
  private final Runnable forget;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Audit(
      SharedIndexInformer<Pod> informer, AuditRounds rounds, Semaphore bell, Runnable forget) {
    this.informer = requireNonNull(informer, "informer is null");
    this.rounds = requireNonNull(rounds, "rounds is null");
    this.bell = requireNonNull(bell, "bell is null");
    this.forget = requireNonNull(forget, "forget is null");
    this.thread = Thread.ofVirtual().name("audit").unstarted(this::run);
  }

  /// Begins and returns at once.
  ///
  /// @param client not closed with the audit
  /// @param gate judges; not closed with the audit
  /// @param running knows what runs while the audit is open
  /// @param meters where it counts
  /// @param clock the time that schedules and reports go by
  public static Audit start(
      KubernetesClient client,
      ClusterGate gate,
      AuditConfig config,
      RunningImages running,
      MeterRegistry meters,
      InstantSource clock) {
    var bell = new Semaphore(0);
    var counted = new AuditMeters(meters);
    var pods = new PodStore(bell::release);
    var events = new Events(new ClusterWrites(client), "audit", clock);
    var status = new ClusterAuditStatus(client, events, clock);
    var rounds =
        new AuditRounds(
            pods,
            new Owners(client),
            new GateBasis(gate, config.ownNamespace()),
            new WorkloadVerifier(gate.gate()::decide, config.budget()),
            new ReportShelf(new ClusterReports(client), status, counted, clock),
            new WouldDenyBoard(status, counted),
            counted,
            clock,
            config.concurrency());
    gate.policies().onChange(bell::release);
    running.know(pods);
    var audit = new Audit(watch(client, pods), rounds, bell, () -> running.forget(pods));
    audit.thread.start();
    return audit;
  }

  private static SharedIndexInformer<Pod> watch(KubernetesClient client, PodStore pods) {
    var informer = client.pods().inAnyNamespace().withLimit(PAGE).runnableInformer(0);
    informer
        .itemStore(pods)
        .removeNamespaceIndex()
        .exceptionHandler(
            (started, cause) -> {
              LOG.warn("watching pods is interrupted and tried again: {}", cause.getMessage());
              return true;
            });
    var _ =
        informer
            .start()
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    LOG.error("watching pods failed", failure);
                  }
                });
    return informer;
  }

  private void run() {
    try {
      do {
        var pause = informer.hasSynced() ? round() : UNTIL_SYNCED;
        if (!pause.isZero()) {
          var _ = bell.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        bell.drainPermits();
      } while (!closed.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration round() {
    try {
      return rounds.round();
    } catch (KubernetesClientException e) {
      LOG.warn("the audit is interrupted and goes on in a moment: {}", e.getMessage());
      return AFTER_FAILURE;
    } catch (RuntimeException e) {
      LOG.error("a round of the audit failed over an error of ours", e);
      return AFTER_FAILURE;
    }
  }

  /// Ends after what is being verified; what is missing is made up for by the next.
  @Override
  public void close() {
    forget.run();
    closed.countDown();
    bell.release();
    informer.stop();
    try {
      if (!thread.join(CLOSING)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
