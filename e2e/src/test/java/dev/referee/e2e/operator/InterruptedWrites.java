package dev.referee.e2e.operator;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.operator.cluster.Writes;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.Supplier;

/// Real writes, until the operator is killed: right before one of them, or right after.
final class InterruptedWrites implements Writes {
  /// Nothing of the operator's lives on after this.
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final Writes writes;
  private final int last;
  private final boolean after;
  private int count;

  /// @param last which write is the last, counted from 1
  /// @param after whether it still happens
  InterruptedWrites(Writes writes, int last, boolean after) {
    this.writes = requireNonNull(writes, "writes is null");
    this.last = last;
    this.after = after;
  }

  @Override
  public <T extends HasMetadata> void store(T object) {
    write(
        () -> {
          writes.store(object);
          return object;
        });
  }

  @Override
  public <T extends HasMetadata> T apply(T object) {
    return write(() -> writes.apply(object));
  }

  @Override
  public <T extends HasMetadata> T replace(T object) {
    return write(() -> writes.replace(object));
  }

  @Override
  public void conditions(ResourceId id, String uid, ObjectNode status) {
    write(
        () -> {
          writes.conditions(id, uid, status);
          return id;
        });
  }

  @Override
  public void event(Event event) {
    write(
        () -> {
          writes.event(event);
          return event;
        });
  }

  private <T> T write(Supplier<T> write) {
    count++;
    if (count == last && !after) {
      throw new Killed();
    }
    var result = write.get();
    if (count == last) {
      throw new Killed();
    }
    return result;
  }
}
