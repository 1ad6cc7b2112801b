package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/// A server did not start, or did not take a new certificate: one sentence that a person can act
/// on.
public final class ServerStartException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ServerStartReason reason;

  public ServerStartException(ServerStartReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public ServerStartReason reason() {
    return reason;
  }
}
