package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

/// A name that leads to nothing that can be used, or something that makes no sense.
final class UnresolvedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /// @param reason one word, in the spelling of condition reasons
  UnresolvedException(String reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  String reason() {
    return reason;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
