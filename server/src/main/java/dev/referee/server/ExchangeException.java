package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/// The client's side of an exchange failed. A handler may let it escape: the client is answered
/// with the reason's status, and nothing is logged as an error of ours.
public class ExchangeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ExchangeReason reason;

  public ExchangeException(ExchangeReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public ExchangeException(ExchangeReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public final ExchangeReason reason() {
    return reason;
  }
}
