package dev.referee.cli;

/// Something that the person at the command line can put right: one sentence, exit code 2.
public final class MisuseException extends Exception {
  private static final long serialVersionUID = 1L;

  public MisuseException(String message) {
    super(message);
  }

  public MisuseException(String message, Throwable cause) {
    super(message, cause);
  }
}
