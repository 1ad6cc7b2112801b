package dev.referee.registry.storage;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The store failed: the boundary of every [ObjectStore]. What is simply not there is no exception.
public final class StorageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final StorageReason reason;

  public StorageException(StorageReason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public StorageReason reason() {
    return reason;
  }
}
