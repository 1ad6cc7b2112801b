package dev.referee.verify.notation;

/// What becomes of a signature that fails a validation.
public enum ValidationAction {
  /// It proves nothing.
  ENFORCE,
  /// It stands, and the failure is noted beside it.
  LOG,
  /// Nobody looks.
  SKIP
}
