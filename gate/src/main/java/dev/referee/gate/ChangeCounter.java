package dev.referee.gate;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what happens to watched objects, so that whoever derives something from all of them knows
/// when to derive it anew.
final class ChangeCounter<T> implements ResourceEventHandler<T> {
  private final AtomicLong changes;

  ChangeCounter(AtomicLong changes) {
    this.changes = changes;
  }

  @Override
  public void onAdd(T object) {
    changes.incrementAndGet();
  }

  @Override
  public void onUpdate(T before, T after) {
    changes.incrementAndGet();
  }

  @Override
  public void onDelete(T object, boolean lastStateUnknown) {
    changes.incrementAndGet();
  }
}
