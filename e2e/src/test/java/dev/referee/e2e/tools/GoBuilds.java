package dev.referee.e2e.tools;

import static dev.referee.e2e.tools.ToolReason.BUILD_FAILED;
import static dev.referee.e2e.tools.ToolReason.TIMED_OUT;
import static dev.referee.e2e.tools.ToolReason.UNAVAILABLE;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// Builds the pinned tools when they are first needed and finds them ever after. Two test runs at
/// once build a tool once: the second waits for the first.
public final class GoBuilds {
  /// Eight times what the largest took on idle cores; beyond it, something hangs.
  private static final Duration BUILD_TIMEOUT = Duration.ofMinutes(45);

  /// How Go says that the fault lies with this machine or its network and not with the pins.
  private static final List<String> MACHINE_FAULTS =
      List.of(
          "go.mod requires go >=",
          "toolchain not available",
          "dial tcp",
          "i/o timeout",
          "no such host",
          "connection refused",
          "connection reset",
          "TLS handshake timeout",
          "proxyconnect",
          "GOPROXY=off",
          "GOPROXY list is not the empty string");

  private final BuildCache cache;
  private final Optional<Path> go;
  private final Console console;

  public GoBuilds(BuildCache cache, Optional<Path> go, Console console) {
    this.cache = requireNonNull(cache, "cache is null");
    this.go = requireNonNull(go, "go is null");
    this.console = requireNonNull(console, "console is null");
  }

  /// Builds into the user's cache with the Go on the PATH.
  public static GoBuilds standard() {
    return new GoBuilds(BuildCache.ofUser(), Executables.onPath("go"), Console.standard());
  }

  /// Whether the tool is there without a build.
  public boolean has(GoTool tool) {
    return cache.has(tool);
  }

  /// The tool's executable, built first if it is not there.
  ///
  /// @throws ToolException with `UNAVAILABLE`, `BUILD_FAILED` or `TIMED_OUT`
  public Path executable(GoTool tool) {
    try {
      if (!cache.has(tool)) {
        var compiler = go.orElseThrow(() -> missing(tool));
        try (var file = cache.lockFile(tool)) {
          await(tool, file);
          // Whoever held the lock before may have built it.
          if (!cache.has(tool)) {
            build(tool, compiler);
          }
        }
      }
      cache.touch(tool.module());
      return cache.binary(tool);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the cache %s".formatted(cache.root()), e);
    }
  }

  /// Holds the lock until the file is closed.
  private void await(GoTool tool, FileChannel file) throws IOException {
    if (tryLock(file)) {
      return;
    }
    console.say("waiting for another run that builds %s".formatted(tool.name()));
    try {
      Awaitility.await().atMost(BUILD_TIMEOUT).until(() -> tryLock(file));
    } catch (ConditionTimeoutException e) {
      throw new ToolException(
          TIMED_OUT,
          "another run has been building %s for %d minutes"
              .formatted(tool.name(), BUILD_TIMEOUT.toMinutes()),
          e);
    }
  }

  private static boolean tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // Held by another thread of this process.
      return false;
    }
  }

  private void build(GoTool tool, Path compiler) throws IOException {
    console.say(
        "building %s with Go, once: about %d s the first time on 2 cores, seconds afterwards"
            .formatted(tool.name(), tool.firstBuild().toSeconds()));
    var began = System.nanoTime();
    var binary = cache.binary(tool);
    // Under the lock nobody else writes it. What a killed build left goes: Go does not overwrite
    // what it cannot tell for its own.
    var unfinished = binary.resolveSibling(tool.name() + ".new");
    Files.deleteIfExists(unfinished);
    var output = compile(tool, compiler, unfinished);
    if (!output.succeeded()) {
      throw failure(tool, output);
    }
    Files.move(unfinished, binary, ATOMIC_MOVE);
    cache.prune(tool.module());
    var took = Duration.ofNanos(System.nanoTime() - began);
    console.say("built %s in %d s".formatted(tool.name(), took.toSeconds()));
  }

  private static Output compile(GoTool tool, Path compiler, Path target) {
    var arguments = new ArrayList<String>();
    arguments.add("build");
    arguments.addAll(tool.module().flags());
    arguments.addAll(List.of("-o", target.toString(), tool.importPath()));
    return Program.inheriting(compiler)
        .with("CGO_ENABLED", "0")
        // What a developer set for work of their own must not change what is built here.
        .with("GOWORK", "off")
        .with("GOOS", "")
        .with("GOARCH", "")
        .in(tool.module().folder())
        .within(BUILD_TIMEOUT)
        .run(arguments.toArray(String[]::new));
  }

  private static ToolException missing(GoTool tool) {
    return new ToolException(
        UNAVAILABLE, "go, which builds %s, is not on the PATH".formatted(tool.name()));
  }

  private static ToolException failure(GoTool tool, Output output) {
    var fault =
        output.stderr().lines().filter(line -> MACHINE_FAULTS.stream().anyMatch(line::contains));
    return fault
        .findFirst()
        .map(
            line ->
                new ToolException(
                    UNAVAILABLE,
                    "Go cannot build %s here: %s".formatted(tool.name(), line.strip())))
        .orElseGet(
            () ->
                new ToolException(
                    BUILD_FAILED,
                    "Go did not build %s:%n%s".formatted(tool.name(), output.lastLines())));
  }
}
