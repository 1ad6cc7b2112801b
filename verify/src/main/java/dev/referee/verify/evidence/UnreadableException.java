package dev.referee.verify.evidence;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.decision.Reason;

/// Something could not be read. Unlike the exceptions of a source it carries the code that a
/// decision will show.
public final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  UnreadableException(Reason reason, String message) {
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
