package dev.referee.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/// Three registries in processes of their own over one store, of which one after the other is
/// killed in the middle of what 16 writers push, and started again, while the others go on.
public final class DyingReplicas implements AutoCloseable {
  private static final int REPLICAS = 3;
  private static final int WRITERS = 16;

  /// Between two kills, so that each falls into many pushes.
  private static final int PUSHES = 2 * WRITERS;

  /// Long, because the machine may be busy; nothing waits longer than it must.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// A registry in a process of its own.
  public interface Replica extends AutoCloseable {
    URI uri();

    /// Ends it without a word.
    void kill();

    @Override
    default void close() {
      kill();
    }
  }

  /// Starts a registry over the store that all share.
  @FunctionalInterface
  public interface Start {
    Replica replica() throws Exception;
  }

  private final Start start;
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();

  private DyingReplicas(Start start) {
    this.start = requireNonNull(start, "start is null");
  }

  public static DyingReplicas start(Start start) throws Exception {
    var all = new DyingReplicas(start);
    try {
      for (int i = 0; i < REPLICAS; i++) {
        all.replicas.add(start.replica());
      }
      return all;
    } catch (Exception e) {
      all.close();
      throw e;
    }
  }

  /// Where they listen for now.
  public List<URI> uris() {
    return replicas.stream().map(Replica::uri).toList();
  }

  /// Kills so many of them while everybody pushes, and lets everybody end.
  public void killWhilePushing(AcknowledgedPushes pushes, int kills) throws Exception {
    var done = new AtomicBoolean();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var writers = new ArrayList<Future<Boolean>>();
        for (int i = 0; i < WRITERS; i++) {
          int first = i;
          writers.add(executor.submit(() -> pushToOneAfterTheOther(pushes, first, done)));
        }
        for (int kill = 0; kill < kills; kill++) {
          awaitMore(pushes, writers);
          int dying = kill % REPLICAS;
          replicas.get(dying).kill();
          replicas.set(dying, start.replica());
        }
        awaitMore(pushes, writers);
        done.set(true);
        for (var writer : writers) {
          assertThat(writer.get()).isTrue();
        }
      } finally {
        done.set(true);
      }
    }
  }

  /// To each until it is gone, then to another.
  private boolean pushToOneAfterTheOther(AcknowledgedPushes pushes, int first, AtomicBoolean done)
      throws InterruptedException {
    for (int turn = first; !done.get(); turn++) {
      pushes.pushUntilGone(replicas.get(turn % REPLICAS).uri(), done::get);
    }
    return true;
  }

  private static void awaitMore(AcknowledgedPushes pushes, List<Future<Boolean>> writers)
      throws Exception {
    int enough = pushes.size() + PUSHES;
    // A writer ends before it is told to only because it was refused.
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> pushes.size() >= enough || writers.stream().anyMatch(Future::isDone));
    for (var writer : writers) {
      if (writer.isDone()) {
        writer.get();
      }
    }
  }

  @Override
  public void close() {
    replicas.forEach(Replica::kill);
  }
}
