package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ValueReference;
import dev.referee.verify.policy.ValueReference.Holder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The values that our objects keep in Secrets and ConfigMaps of the cluster. Exactly the objects
/// that are named are watched, one by one, so that Referee needs permission for no others.
final class ClusterValues implements ReferencedValues, AutoCloseable {
  /// Objects that are watched; each costs a connection's share and a watch of the API server.
  private static final int MAX_WATCHED = 500;

  private static final int FORBIDDEN = 403;
  private static final Logger LOG = LoggerFactory.getLogger(ClusterValues.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final String ownNamespace;
  private final Changes changes;
  private final Map<Watched, Watch> watches = new ConcurrentHashMap<>();
  private final Set<Watched> asked = ConcurrentHashMap.newKeySet();

  /// @param ownNamespace where cluster-wide objects keep values
  /// @param changes counts what happens to any value
  ClusterValues(KubernetesClient client, String ownNamespace, Changes changes) {
    this.client = requireNonNull(client, "client is null");
    this.ownNamespace = requireNonNull(ownNamespace, "ownNamespace is null");
    this.changes = requireNonNull(changes, "changes is null");
  }

  private record Watched(Holder holder, String namespace, String name) {}

  @Override
  public Value value(ValueReference reference) {
    var namespace = reference.namespace() == null ? ownNamespace : reference.namespace();
    var watched = new Watched(reference.holder(), namespace, reference.name());
    asked.add(watched);
    if (!watches.containsKey(watched) && watches.size() >= MAX_WATCHED) {
      return new Value.Unavailable(
          Problem.REFERENCE_UNKNOWN,
          "%s is not read: more than %d Secrets and ConfigMaps are named"
              .formatted(reference.describe(), MAX_WATCHED));
    }
    return watches.computeIfAbsent(watched, this::watch).value(reference);
  }

  private Watch watch(Watched watched) {
    SharedIndexInformer<? extends HasMetadata> informer =
        switch (watched.holder()) {
          case SECRET ->
              client
                  .secrets()
                  .inNamespace(watched.namespace())
                  .withName(watched.name())
                  .runnableInformer(0);
          case CONFIG_MAP ->
              client
                  .configMaps()
                  .inNamespace(watched.namespace())
                  .withName(watched.name())
                  .runnableInformer(0);
        };
    return new Watch(watched, informer).start();
  }

  /// Everything that is named was looked for once.
  boolean isReady() {
    return watches.values().stream().allMatch(Watch::isSettled);
  }

  /// Begins to note what is asked for.
  void beginRound() {
    asked.clear();
  }

  /// Stops to watch what was not asked for since.
  void endRound() {
    for (var watched : new HashSet<>(watches.keySet())) {
      if (!asked.contains(watched)) {
        var watch = watches.remove(watched);
        if (watch != null) {
          watch.close();
        }
      }
    }
  }

  @Override
  public void close() {
    watches.values().forEach(Watch::close);
  }

  /// One object that is watched.
  private final class Watch implements AutoCloseable {
    private final Watched watched;
    private final SharedIndexInformer<? extends HasMetadata> informer;
    private volatile boolean forbidden;
    private volatile boolean settled;

    Watch(Watched watched, SharedIndexInformer<? extends HasMetadata> informer) {
      this.watched = watched;
      this.informer = informer;
    }

    Watch start() {
      count(informer);
      informer.exceptionHandler(
          (started, cause) -> {
            fail(cause);
            return true;
          });
      informer
          .start()
          .whenComplete(
              (done, failure) -> {
                // Also that it is not there has to be known to whoever asked.
                forbidden = false;
                changes.happened();
                settled = true;
              });
      return this;
    }

    private <T extends HasMetadata> void count(SharedIndexInformer<T> started) {
      started.addEventHandler(changes.every());
    }

    private void fail(Throwable cause) {
      boolean denied =
          cause instanceof KubernetesClientException refused && refused.getCode() == FORBIDDEN;
      LOG.warn(
          "watching {} {}/{} is interrupted and tried again: {}",
          watched.holder(),
          watched.namespace(),
          watched.name(),
          cause.getMessage());
      if (denied && !forbidden) {
        forbidden = true;
        changes.happened();
        settled = true;
      }
    }

    /// Whether it is known to be there, not to be there, or not to be readable, and whoever derives
    /// something from it was told.
    boolean isSettled() {
      return settled;
    }

    Value value(ValueReference reference) {
      if (!informer.hasSynced()) {
        return forbidden ? forbidden(reference) : unknown(reference);
      }
      return informer.getStore().list().stream()
          .findFirst()
          .map(object -> read(reference, object))
          .orElseGet(() -> NONE.value(reference));
    }

    private static Value forbidden(ValueReference reference) {
      return new Value.Unavailable(
          Problem.REFERENCE_FORBIDDEN,
          "Referee may not read %s; bind the ClusterRole referee-value-reader in that namespace to its service accounts"
              .formatted(reference.describe()));
    }

    private static Value unknown(ValueReference reference) {
      return new Value.Unavailable(
          Problem.REFERENCE_UNKNOWN, "%s was not read yet".formatted(reference.describe()));
    }

    private static Value read(ValueReference reference, HasMetadata object) {
      try {
        return ValueHolder.of(reference.holder(), JSON.valueToTree(object)).value(reference);
      } catch (IllegalArgumentException e) {
        return new Value.Unavailable(
            Problem.REFERENCE_NOT_FOUND, "%s: %s".formatted(reference.describe(), e.getMessage()));
      }
    }

    @Override
    public void close() {
      informer.stop();
    }
  }
}
