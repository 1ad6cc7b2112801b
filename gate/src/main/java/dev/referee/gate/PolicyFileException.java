package dev.referee.gate;

/// A policy file that cannot be used, with the file and the place in it.
public final class PolicyFileException extends Exception {
  private static final long serialVersionUID = 1L;

  public PolicyFileException(String message) {
    super(message);
  }

  public PolicyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
