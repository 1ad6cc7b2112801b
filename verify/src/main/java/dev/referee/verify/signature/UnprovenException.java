package dev.referee.verify.signature;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.decision.Reason;

/// A piece of evidence proves nothing, with the first reason that holds: the boundary of every
/// verification. Nothing else escapes one, for any input.
public final class UnprovenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public UnprovenException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public Reason reason() {
    return reason;
  }

  /// The sentence; never null, unlike that of other throwables.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
