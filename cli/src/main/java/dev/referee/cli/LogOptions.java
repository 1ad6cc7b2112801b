package dev.referee.cli;

import picocli.CommandLine.Option;

/// How a server tells what it does.
final class LogOptions {
  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      description = "How log lines are written (default: text).")
  private LogFormat format = LogFormat.TEXT;

  /// Lets the server tell.
  void enable() {
    ServerLogging.enable(format);
  }
}
