package dev.referee.server;

/// Why an exchange went wrong through the client's doing: stable codes.
public enum ExchangeReason {
  /// The connection is gone; nobody is there to be answered.
  CLIENT_GONE(0),
  /// The client kept us waiting for its body for longer than any honest network would.
  CLIENT_TOO_SLOW(408),
  /// More body than the handler reads.
  BODY_TOO_LARGE(413),
  /// The query is not valid percent-encoded UTF-8, or has too many parameters.
  QUERY_MALFORMED(400);

  private final int status;

  ExchangeReason(int status) {
    this.status = status;
  }

  /// The status that answers it; 0 where there is nobody to answer.
  public int status() {
    return status;
  }
}
