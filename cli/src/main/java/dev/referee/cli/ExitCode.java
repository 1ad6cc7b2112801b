package dev.referee.cli;

/// What the commands exit with.
public final class ExitCode {
  /// Done; for `verify`: the image may run.
  public static final int OK = 0;

  /// For `verify`: the image may not run. For `demo`: something came out otherwise than expected.
  public static final int DENIED = 1;

  /// Misused, or not to be found out.
  public static final int UNDECIDED = 2;

  private ExitCode() {}
}
