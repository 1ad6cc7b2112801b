package dev.referee.e2e.tools;

import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of this Maven module, where the pins are and `target` is.
public final class ModuleFolder {
  private ModuleFolder() {}

  /// As Maven names it, or found from the working directory, which editors set to the root.
  public static Path path() {
    var started = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return Files.isDirectory(started.resolve("controlplane")) ? started : started.resolve("e2e");
  }

  /// The module that pins a tool, without debug information in what it builds.
  ///
  /// @param folder the folder of its `go.mod`, below this one
  public static GoModule goModule(String folder) {
    return new GoModule(folder.replace('/', '-'), path().resolve(folder), "-s -w");
  }
}
