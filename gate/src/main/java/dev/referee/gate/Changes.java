package dev.referee.gate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// What happens to watched objects: counted, so that whoever derives something from all of them
/// knows when to derive it anew, and told to whoever wants to know at once.
final class Changes {
  private final AtomicLong count = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /// How much has happened to what users say.
  long count() {
    return count.get();
  }

  /// Calls back after every change, also one of a status. The listener must return at once.
  void listen(Runnable listener) {
    listeners.add(listener);
  }

  /// Something else may follow from the objects now.
  void happened() {
    count.incrementAndGet();
    touched();
  }

  /// Something changed from which nothing follows, such as a status.
  void touched() {
    listeners.forEach(Runnable::run);
  }

  /// Watches objects, every change of which matters.
  <T> ResourceEventHandler<T> every() {
    return new Handler<>(false);
  }

  /// Watches objects of whose changes only those count that the API server counts as generations:
  /// what is written into a status all the time is derived, and deriving it anew would never end.
  <T> ResourceEventHandler<T> ofSpecs() {
    return new Handler<>(true);
  }

  private final class Handler<T> implements ResourceEventHandler<T> {
    private final boolean specsOnly;

    Handler(boolean specsOnly) {
      this.specsOnly = specsOnly;
    }

    @Override
    public void onAdd(T object) {
      happened();
    }

    @Override
    public void onUpdate(T before, T after) {
      if (specsOnly && sameSpec(before, after)) {
        touched();
      } else {
        happened();
      }
    }

    @Override
    public void onDelete(T object, boolean lastStateUnknown) {
      happened();
    }
  }

  private static boolean sameSpec(Object before, Object after) {
    return before instanceof HasMetadata one
        && after instanceof HasMetadata other
        && one.getMetadata().getGeneration() != null
        // Deleted and created again within one look, it is another object.
        && Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid())
        && Objects.equals(one.getMetadata().getGeneration(), other.getMetadata().getGeneration());
  }
}
