package dev.referee.registry.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A file that says who may do what cannot be used: one sentence for whoever wrote it.
public final class AccessFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public AccessFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
