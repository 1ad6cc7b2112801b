package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.ChildProcess;
import dev.referee.e2e.tools.ModuleFolder;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// One of Referee's servers as its users run it: the executable that the build has made, in a
/// process of its own.
public final class RefereeProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String LISTENING = "listening on ";

  /// Where each process leaves the names of the classes that it loaded: what the image's archive of
  /// classes is made of (`deploy/startup-classes`).
  private static final @Nullable String CLASS_LISTS = System.getenv("REFEREE_CLASS_LISTS");

  private final ChildProcess process;
  private final URI uri;

  private RefereeProcess(ChildProcess process, URI uri) {
    this.process = requireNonNull(process, "process is null");
    this.uri = requireNonNull(uri, "uri is null");
  }

  /// Starts a server and waits until it says where it listens.
  ///
  /// @param folder its home; its log is written beside
  public static RefereeProcess serve(
      Path folder, Map<String, String> variables, String command, String... options) {
    var log = folder.resolve(command + ".log");
    var line = new ArrayList<>(command());
    if (CLASS_LISTS != null) {
      line.add(1, "-XX:DumpLoadedClassList=%s/%s-%%p.classes".formatted(CLASS_LISTS, command));
    }
    line.add(command);
    line.addAll(List.of(options));
    var process = ChildProcess.start(line, folder, variables, log);
    try {
      return new RefereeProcess(process, address(process, log));
    } catch (RuntimeException e) {
      process.stop();
      throw e;
    }
  }

  /// Starts a registry on loopback, in plain HTTP, whose store is in the folder.
  public static RefereeProcess registry(Path folder) {
    return serve(
        folder,
        Map.of(),
        "registry",
        "--root",
        folder.resolve("store").toString(),
        "--listen",
        "127.0.0.1:0");
  }

  /// Runs a command to its end, whatever its exit code.
  public static Output run(Path folder, String... arguments) {
    return program(folder).run(withJava(arguments));
  }

  /// Runs a command to its end, whatever its exit code, for the cluster of a kubeconfig.
  public static Output run(Path folder, Path kubeconfig, String... arguments) {
    return program(folder).with("KUBECONFIG", kubeconfig.toString()).run(withJava(arguments));
  }

  private static Program program(Path folder) {
    return Program.isolated(Path.of(command().getFirst()), folder);
  }

  private static String[] withJava(String... arguments) {
    var command = command();
    var all = new ArrayList<>(command.subList(1, command.size()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  public URI uri() {
    return uri;
  }

  /// `HOST:PORT`.
  public String host() {
    return uri.getAuthority();
  }

  private static List<String> command() {
    var jars = ModuleFolder.path().resolve("../cli/target/referee/lib").normalize();
    if (!Files.isDirectory(jars)) {
      throw new IllegalStateException(
          jars + " is missing: build it with mvn -pl cli -am -DskipTests package");
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        jars + "/*",
        "dev.referee.cli.Main");
  }

  private static URI address(ChildProcess process, Path log) {
    try {
      return Awaitility.await()
          .pollInterval(POLL)
          .atMost(START_TIMEOUT)
          .until(
              () -> {
                process.expectAlive();
                return announced(log);
              },
              lines -> !lines.isEmpty())
          .getFirst();
    } catch (ConditionTimeoutException _) {
      throw process.failure("did not listen within %d s".formatted(START_TIMEOUT.toSeconds()));
    }
  }

  private static List<URI> announced(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines
          .filter(line -> line.startsWith(LISTENING))
          .map(line -> URI.create(line.substring(LISTENING.length())))
          .toList();
    }
  }

  /// Its number at the operating system.
  public long pid() {
    return process.pid();
  }

  /// Ends it as a crash does: without a word.
  public void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.stop();
  }
}
