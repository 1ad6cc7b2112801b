package dev.referee.e2e.cluster;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A cluster that was asked for, or could have been had, did not come up. Tests fail for it: only a
/// cluster that nobody asked for and this machine cannot have lets them skip.
public final class ClusterException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public ClusterException(String message) {
    this(message, null);
  }

  public ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
