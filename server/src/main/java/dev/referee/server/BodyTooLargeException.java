package dev.referee.server;

/// A body is larger than its reader allows. Nothing beyond the allowed bytes was read.
public final class BodyTooLargeException extends ExchangeException {
  private static final long serialVersionUID = 1L;

  public BodyTooLargeException(int maxBytes) {
    super(
        ExchangeReason.BODY_TOO_LARGE,
        "the body has more than the %d bytes that are read".formatted(maxBytes));
  }
}
