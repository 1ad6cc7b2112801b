package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.AuditSpec;
import dev.referee.operator.audit.Inventory.Entry;
import dev.referee.verify.Parallel;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an audit does, over and over: takes in what changed, verifies some of what is due, writes
/// down what was found. Rounds follow each other; one round works on several workloads at once.
///
/// Nothing is kept that does not follow from the cluster: a round after a restart goes on where the
/// one before it stopped, by what the reports say.
final class AuditRounds {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRounds.class);

  /// Workloads of one round, so that what happens meanwhile is not left waiting.
  private static final int BATCH = 64;

  /// How long a workload has to run nothing before its report goes: a restart is no end.
  static final Duration GRACE = Duration.ofMinutes(1);

  /// How soon to look again for what is not there yet.
  private static final Duration SOON = Duration.ofSeconds(1);

  /// How soon to look again in any case.
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final PodStore pods;
  private final PodOwners owners;
  private final Basis basis;
  private final WorkloadVerifier verifier;
  private final ReportShelf shelf;
  private final WouldDenyBoard board;
  private final AuditMeters meters;
  private final InstantSource clock;
  private final Semaphore concurrency;

  private final Inventory inventory = new Inventory();
  private final Map<String, Standing> standings = new ConcurrentHashMap<>();
  private final Map<String, Instant> goneSince = new HashMap<>();

  /// Finds the workload of a pod; may throw what the API server's client throws.
  @FunctionalInterface
  interface PodOwners {
    Workload of(RunningPod pod);

    /// Forgets controllers but these.
    default void retain(Set<String> controllers) {}
  }

  /// @param concurrency how many workloads are verified at once
  AuditRounds(
      PodStore pods,
      PodOwners owners,
      Basis basis,
      WorkloadVerifier verifier,
      ReportShelf shelf,
      WouldDenyBoard board,
      AuditMeters meters,
      InstantSource clock,
      int concurrency) {
    this.pods = requireNonNull(pods, "pods is null");
    this.owners = requireNonNull(owners, "owners is null");
    this.basis = requireNonNull(basis, "basis is null");
    this.verifier = requireNonNull(verifier, "verifier is null");
    this.shelf = requireNonNull(shelf, "shelf is null");
    this.board = requireNonNull(board, "board is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.concurrency = new Semaphore(concurrency);
  }

  /// One round. Call it when every pod is known.
  ///
  /// @return how soon to call again, if nothing changes before
  Duration round() {
    if (!basis.isReady()) {
      return SOON;
    }
    var audit = basis.audit();
    takeIn();
    if (shelf.open(audit.reports())) {
      standings.clear();
      shelf.list().forEach(report -> standings.put(report.workload().uid(), Standing.of(report)));
    }
    var running = new Running(audit);
    removeGone(running);
    var due = running.due();
    meters.overdue(due.size());
    var batch = due.stream().limit(BATCH).map(Due::entry).toList();
    var _ = Parallel.map(batch, entry -> verify(entry, running));
    boolean more = due.size() > batch.size();
    board.publish(basis.policies(), denials(running), clock.instant(), audit.interval(), more);
    return more ? Duration.ZERO : running.pause();
  }

  private void takeIn() {
    var keys = pods.takeChanged();
    if (keys.isEmpty()) {
      return;
    }
    try {
      askForOwners(keys);
      for (var key : keys) {
        var pod = pods.find(key);
        if (pod.isEmpty()) {
          inventory.remove(key);
        } else {
          // What runs nothing needs no owner.
          var found = pod.get();
          inventory.put(found, found.images().isEmpty() ? found.asWorkload() : owners.of(found));
        }
      }
    } catch (KubernetesClientException e) {
      pods.putBack(keys);
      throw e;
    }
    owners.retain(inventory.controllers());
    meters.inventory(inventory.entries().size(), inventory.images());
  }

  /// Asks for several controllers at once: at the beginning there are thousands of them. What fails
  /// is asked for again by whoever needs it, and then the failure counts.
  private void askForOwners(Set<String> keys) {
    var oneOfEach = new HashMap<String, RunningPod>();
    for (var key : keys) {
      pods.find(key)
          .filter(pod -> pod.controller() != null && !pod.images().isEmpty())
          .ifPresent(pod -> oneOfEach.putIfAbsent(String.valueOf(pod.controller()), pod));
    }
    var failed = new AtomicBoolean();
    var _ =
        Parallel.map(
            List.copyOf(oneOfEach.values()),
            pod -> {
              concurrency.acquireUninterruptibly();
              try {
                return failed.get() || owners.of(pod).uid().isEmpty();
              } catch (KubernetesClientException e) {
                failed.set(true);
                return false;
              } finally {
                concurrency.release();
              }
            });
  }

  private boolean verify(Entry entry, Running running) {
    concurrency.acquireUninterruptibly();
    try {
      var workload = entry.workload();
      var now = clock.instant();
      var judged = running.judged(entry);
      var found = verifier.verify(workload.namespace(), entry.uses());
      var report = WorkloadReport.of(workload, found.results(), now, judged);
      meters.verified(report.summary());
      var before = standings.get(workload.uid());
      var kept = shelf.put(report, before, running.schedule());
      standings.put(
          workload.uid(),
          new Standing(
              workload,
              now,
              kept.writtenAt(),
              found.until(),
              found.undecided() || kept.failed(),
              judged,
              kept.content(),
              Denial.of(workload, found.results())));
      return true;
    } catch (RuntimeException e) {
      // One workload must not keep the others from being verified.
      LOG.error("verifying {} failed over an error of ours", entry.workload().describe(), e);
      return false;
    } finally {
      concurrency.release();
    }
  }

  private void removeGone(Running running) {
    var now = clock.instant();
    for (var standing : List.copyOf(standings.values())) {
      var uid = standing.workload().uid();
      if (running.has(uid)) {
        goneSince.remove(uid);
      } else if (!now.isBefore(goneSince.computeIfAbsent(uid, _ -> now).plus(GRACE))
          && shelf.remove(standing)) {
        standings.remove(uid);
        goneSince.remove(uid);
      }
    }
  }

  private List<Denial> denials(Running running) {
    return standings.values().stream()
        .filter(standing -> running.has(standing.workload().uid()))
        .flatMap(standing -> standing.denials().stream())
        .toList();
  }

  /// A workload whose turn it is.
  ///
  /// @param since when it became its turn; [Instant#MIN] for one that is judged by something new
  private record Due(Entry entry, Instant since) {}

  /// What runs in this round, and by what it is judged.
  private final class Running {
    private final Schedule schedule;
    private final String fingerprint;
    private final Map<String, Boolean> excluded = new HashMap<>();
    private final Map<String, String> namespaces = new ConcurrentHashMap<>();
    private final List<Entry> entries;

    Running(AuditSpec audit) {
      this.schedule = new Schedule(audit.interval());
      this.fingerprint = basis.fingerprint();
      this.entries =
          inventory.entries().stream()
              .filter(entry -> !isExcluded(entry.workload().namespace()))
              .toList();
    }

    private boolean isExcluded(String namespace) {
      return excluded.computeIfAbsent(namespace, basis::isExcluded);
    }

    Schedule schedule() {
      return schedule;
    }

    boolean has(String uid) {
      return inventory
          .entry(uid)
          .filter(entry -> !isExcluded(entry.workload().namespace()))
          .isPresent();
    }

    /// By what a workload is judged now.
    String judged(Entry entry) {
      var namespace = namespaces.computeIfAbsent(entry.workload().namespace(), basis::namespace);
      return Hashes.of(fingerprint, namespace, entry.hash());
    }

    /// What is judged by something new first, then what waits longest.
    List<Due> due() {
      var now = clock.instant();
      var due = new ArrayList<Due>();
      for (var entry : entries) {
        var since = since(entry);
        if (!since.isAfter(now)) {
          due.add(new Due(entry, since));
        }
      }
      due.sort(Comparator.comparing(Due::since).thenComparing(d -> d.entry().workload().uid()));
      return due;
    }

    private Instant since(Entry entry) {
      return Optional.ofNullable(standings.get(entry.workload().uid()))
          .filter(standing -> standing.judged().equals(judged(entry)))
          .map(standing -> standing.due(schedule))
          .orElse(Instant.MIN);
    }

    Duration pause() {
      var now = clock.instant();
      return entries.stream()
          .map(this::since)
          .map(since -> since.isAfter(now) ? Duration.between(now, since) : Duration.ZERO)
          .min(Duration::compareTo)
          .filter(pause -> pause.compareTo(IDLE) < 0)
          .orElse(IDLE);
    }
  }
}
