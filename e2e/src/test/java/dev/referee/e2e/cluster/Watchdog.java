package dev.referee.e2e.cluster;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Ends the servers of a control plane and removes its folder when this JVM is gone without having
/// done so: a shutdown hook does not run when the JVM is killed. It is a shell that waits for the
/// end of its standard input, which the system closes together with the JVM.
final class Watchdog implements AutoCloseable {
  private static final String SCRIPT =
      "read -r _; kill -9 $(cat \"$1/pids\") 2>/dev/null; rm -rf \"$1\"";

  private final Path pids;
  private final Process shell;

  private Watchdog(Path pids, Process shell) {
    this.pids = pids;
    this.shell = shell;
  }

  /// @param folder goes with the servers
  static Watchdog over(Path folder) {
    try {
      var shell =
          new ProcessBuilder("/bin/sh", "-c", SCRIPT, "watchdog", folder.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Watchdog(folder.resolve("pids"), shell);
    } catch (IOException e) {
      throw new ClusterException("no shell to watch over the control plane", e);
    }
  }

  void add(ChildProcess server) {
    try {
      Files.writeString(pids, server.pid() + "\n", CREATE, APPEND);
    } catch (IOException e) {
      throw new ClusterException("cannot write " + pids, e);
    }
  }

  /// Calls it off, before the servers are stopped the usual way.
  @Override
  public void close() {
    shell.destroyForcibly();
  }
}
