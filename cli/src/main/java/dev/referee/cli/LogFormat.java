package dev.referee.cli;

/// How log lines are written.
enum LogFormat {
  /// For people.
  TEXT,
  /// For collectors: one object a line.
  JSON
}
