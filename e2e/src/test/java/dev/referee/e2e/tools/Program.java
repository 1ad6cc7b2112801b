package dev.referee.e2e.tools;

import static dev.referee.e2e.tools.ToolReason.NOT_STARTED;
import static dev.referee.e2e.tools.ToolReason.OUTPUT_TOO_LARGE;
import static dev.referee.e2e.tools.ToolReason.TIMED_OUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A program with its environment, ready to be run any number of times. A run ends within its time
/// and hands back an exit code and both streams; the streams go through files, so that a program
/// which leaves children behind cannot hold up the reader.
public final class Program {
  /// Any single call of a client or of kubectl takes seconds; a longer one hangs.
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  /// Above what any client prints; below what would trouble the test JVM.
  private static final long MAX_OUTPUT = 16L << 20;

  private final Path executable;
  private final Map<String, String> environment;
  private final Path directory;
  private final Duration timeout;
  private final String input;

  private Program(
      Path executable,
      Map<String, String> environment,
      Path directory,
      Duration timeout,
      String input) {
    this.executable = requireNonNull(executable, "executable is null");
    this.environment = Map.copyOf(environment);
    this.directory = requireNonNull(directory, "directory is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.input = requireNonNull(input, "input is null");
  }

  /// A program that sees the environment of this process.
  public static Program inheriting(Path executable) {
    return new Program(executable, System.getenv(), Path.of(""), DEFAULT_TIMEOUT, "");
  }

  /// A program that sees nothing of the environment of this process but the PATH, and has the given
  /// folder for its home and its working directory.
  public static Program isolated(Path executable, Path home) {
    var environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
    return new Program(executable, environment, home, DEFAULT_TIMEOUT, "");
  }

  /// The same with one more variable.
  public Program with(String variable, String value) {
    var more = new HashMap<>(environment);
    more.put(variable, value);
    return new Program(executable, more, directory, timeout, input);
  }

  /// The same in another working directory.
  public Program in(Path other) {
    return new Program(executable, environment, other, timeout, input);
  }

  /// The same with another limit on the time of one run.
  public Program within(Duration other) {
    return new Program(executable, environment, directory, other, input);
  }

  /// The same with a text to read from its standard input, which is empty otherwise.
  public Program reading(String text) {
    return new Program(executable, environment, directory, timeout, text);
  }

  /// Runs the program to its end.
  ///
  /// @throws ToolException with `NOT_STARTED`, `TIMED_OUT` or `OUTPUT_TOO_LARGE`; not for an exit
  ///   code
  public Output run(String... arguments) {
    var command = new ArrayList<String>();
    command.add(executable.toString());
    command.addAll(List.of(arguments));
    try (var streams = new StreamFiles(input)) {
      var builder = new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      streams.connect(builder);
      int exitCode = await(builder.start());
      return new Output(name(arguments), exitCode, streams.stdout(), streams.stderr());
    } catch (IOException e) {
      throw new ToolException(NOT_STARTED, "%s did not run: %s".formatted(executable, e), e);
    }
  }

  /// Runs the program and insists on its success.
  ///
  /// @throws ToolException as `run` does, and with `FAILED` for an exit code other than 0
  public Output succeed(String... arguments) {
    return run(arguments).orFail();
  }

  private int await(Process process) {
    try {
      if (process.waitFor(timeout.toMillis(), MILLISECONDS)) {
        return process.exitValue();
      }
      throw new ToolException(
          TIMED_OUT,
          "%s did not end within %s s".formatted(executable, timeout.toMillis() / 1000.0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException(TIMED_OUT, "interrupted while %s ran".formatted(executable), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private String name(String... arguments) {
    var name = executable.getFileName().toString();
    return arguments.length == 0 ? name : name + " " + arguments[0];
  }

  /// The three standard streams as files that live as long as the run.
  private static final class StreamFiles implements AutoCloseable {
    private final Path stdin = Files.createTempFile("referee-e2e", ".in");
    private final Path stdout = Files.createTempFile("referee-e2e", ".out");
    private final Path stderr = Files.createTempFile("referee-e2e", ".err");

    StreamFiles(String input) throws IOException {
      Files.writeString(stdin, input);
    }

    void connect(ProcessBuilder builder) {
      builder.redirectInput(stdin.toFile());
      builder.redirectOutput(stdout.toFile());
      builder.redirectError(stderr.toFile());
    }

    String stdout() throws IOException {
      return read(stdout);
    }

    String stderr() throws IOException {
      return read(stderr);
    }

    private static String read(Path file) throws IOException {
      long size = Files.size(file);
      if (size > MAX_OUTPUT) {
        throw new ToolException(
            OUTPUT_TOO_LARGE,
            "a program wrote %d bytes, at most %d are read".formatted(size, MAX_OUTPUT));
      }
      // Not readString: a program may print what is no UTF-8.
      return new String(Files.readAllBytes(file), UTF_8);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(stdin);
      Files.deleteIfExists(stdout);
      Files.deleteIfExists(stderr);
    }
  }
}
