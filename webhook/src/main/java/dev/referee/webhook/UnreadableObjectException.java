package dev.referee.webhook;

/// An object in which images cannot be found. It is denied: what cannot be read cannot be checked.
final class UnreadableObjectException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableObjectException(String message) {
    super(message);
  }
}
