package dev.referee.e2e.tools;

/// Why a program could not be had or did not do its work.
public enum ToolReason {
  /// This machine lacks what a build needs: Go, a Go that is new enough, or a way to the modules.
  /// Tests skip for it; they fail for every other reason.
  UNAVAILABLE,
  /// Go refused to build what is pinned.
  BUILD_FAILED,
  /// The program could not be started.
  NOT_STARTED,
  /// The program ended with an exit code other than 0.
  FAILED,
  /// The program, or the wait for somebody else's build, took longer than allowed.
  TIMED_OUT,
  /// The program wrote more than is read.
  OUTPUT_TOO_LARGE
}
