package dev.referee.e2e.tools;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// One program that a Go module pins.
///
/// @param module what pins it
/// @param name what the program is called
/// @param importPath its main package
/// @param firstBuild how long the first build took on 2 idle cores; with a warm Go build cache it
///   takes seconds
public record GoTool(GoModule module, String name, String importPath, Duration firstBuild) {
  public GoTool {
    requireNonNull(module, "module is null");
    requireNonNull(name, "name is null");
    requireNonNull(importPath, "importPath is null");
    requireNonNull(firstBuild, "firstBuild is null");
  }
}
