package dev.referee.e2e.tools;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A program could not be had or did not do its work.
public final class ToolException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ToolReason reason;

  public ToolException(ToolReason reason, String message) {
    this(reason, message, null);
  }

  public ToolException(ToolReason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public ToolReason reason() {
    return reason;
  }
}
