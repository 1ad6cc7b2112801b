package dev.referee.e2e.tools;

import static java.util.Objects.requireNonNull;

/// What a program that ended left behind.
///
/// @param command the program's name and first arguments, for messages
/// @param exitCode 0 means success
/// @param stdout everything it wrote to standard output
/// @param stderr everything it wrote to standard error
public record Output(String command, int exitCode, String stdout, String stderr) {
  public Output {
    requireNonNull(command, "command is null");
    requireNonNull(stdout, "stdout is null");
    requireNonNull(stderr, "stderr is null");
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  /// Standard output without the line break at its end.
  public String text() {
    return stdout.strip();
  }

  /// This output, if the program succeeded.
  ///
  /// @throws ToolException with `FAILED` and the last lines of both streams
  public Output orFail() {
    if (succeeded()) {
      return this;
    }
    throw new ToolException(
        ToolReason.FAILED,
        "%s ended with exit code %d:%n%s".formatted(command, exitCode, lastLines()));
  }

  /// The last lines of both streams.
  String lastLines() {
    return LastLines.of(stdout + "\n" + stderr);
  }
}
