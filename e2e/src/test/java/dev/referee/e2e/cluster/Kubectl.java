package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.Executables;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Finds kubectl: the pinned one, or where this machine cannot build it, the one on the PATH.
final class Kubectl implements Supplier<Path> {
  private final GoBuilds builds;

  Kubectl(GoBuilds builds) {
    this.builds = requireNonNull(builds, "builds is null");
  }

  @Override
  public Path get() {
    try {
      return builds.executable(ControlPlaneTools.KUBECTL);
    } catch (ToolException e) {
      if (e.reason() != ToolReason.UNAVAILABLE) {
        throw e;
      }
      return Executables.onPath("kubectl").orElseThrow(() -> e);
    }
  }
}
