package dev.referee.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.referee.e2e.tools.LastLines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A server that runs beside the tests and writes its own log.
public final class ChildProcess {
  /// A server that is asked to end writes down what it has; these have nothing that is worth more.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int TAIL_BYTES = 64 << 10;

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = requireNonNull(name, "name is null");
    this.process = requireNonNull(process, "process is null");
    this.log = requireNonNull(log, "log is null");
  }

  /// Starts a server in a folder that is its home, without the environment of this process: a proxy
  /// or a Go setting of whoever runs the tests is none of its business.
  static ChildProcess start(List<String> command, Path folder, Path log) {
    return start(command, folder, Map.of(), log);
  }

  /// The same with more variables.
  public static ChildProcess start(
      List<String> command, Path folder, Map<String, String> variables, Path log) {
    var name = Path.of(command.getFirst()).getFileName().toString();
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString()));
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      var process = builder.start();
      process.getOutputStream().close();
      return new ChildProcess(name, process, log);
    } catch (IOException e) {
      throw new ClusterException("%s did not start: %s".formatted(name, e.getMessage()), e);
    }
  }

  /// Its number at the operating system.
  public long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Insists that it still runs.
  ///
  /// @throws ClusterException with the end of its log, when it has ended
  public void expectAlive() {
    if (!process.isAlive()) {
      throw failure("ended with exit code " + process.exitValue());
    }
  }

  /// An exception that says what happened and shows the end of the log.
  public ClusterException failure(String what) {
    return new ClusterException("%s %s; the end of %s:%n%s".formatted(name, what, log, tail()));
  }

  /// Asks it to end, and insists after five seconds.
  public void stop() {
    process.destroy();
    try {
      if (process.waitFor(GRACE.toMillis(), MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /// Ends it at once, without letting it do anything.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  private String tail() {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL_BYTES));
      var end = new byte[(int) Math.min(TAIL_BYTES, file.length() - file.getFilePointer())];
      file.readFully(end);
      return LastLines.of(new String(end, UTF_8));
    } catch (IOException e) {
      return "  (the log cannot be read: %s)".formatted(e.getMessage());
    }
  }
}
