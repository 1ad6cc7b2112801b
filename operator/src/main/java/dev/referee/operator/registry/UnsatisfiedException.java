package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

/// A registry that cannot be as its spec wants it: the boundary of the steps of a reconciliation.
/// The message tells a person what to change.
final class UnsatisfiedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  UnsatisfiedException(RegistryReason reason, String message) {
    this(reason.toString(), message);
  }

  UnsatisfiedException(String reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  /// In the spelling of condition reasons.
  String reason() {
    return reason;
  }
}
