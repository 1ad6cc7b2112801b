package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

/// A token is not accepted.
final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Why: stable codes for the log. The client is told nothing but that its token does not hold.
  enum Reason {
    MALFORMED,
    ALGORITHM_REFUSED,
    KEY_UNKNOWN,
    SIGNATURE_INVALID,
    ISSUER_UNKNOWN,
    AUDIENCE_OTHER,
    EXPIRED,
    NOT_YET_VALID,
    NO_SERVICE_ACCOUNT,
    /// Its caller is none any more, or has another password.
    HOLDER_GONE,
    /// It was given to a client with another certificate.
    OTHER_CONNECTION
  }

  private final Reason reason;

  TokenException(Reason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  Reason reason() {
    return reason;
  }
}
