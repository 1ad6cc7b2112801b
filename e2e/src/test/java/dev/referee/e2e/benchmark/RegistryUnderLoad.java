package dev.referee.e2e.benchmark;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.ChildProcess;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.GoTool;
import dev.referee.e2e.tools.ModuleFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/// A registry over a folder in a process of its own, and how long it took to serve.
///
/// @param name what it is called in the table
/// @param port where it listens on loopback
/// @param pid its process
/// @param start from its start until it served
/// @param referrers whether it lists referrers
/// @param stop ends it
record RegistryUnderLoad(
    String name, int port, long pid, Duration start, boolean referrers, Runnable stop)
    implements AutoCloseable {
  private static final GoTool DISTRIBUTION =
      new GoTool(
          ModuleFolder.goModule("clients/distribution"),
          "registry",
          "github.com/distribution/distribution/v3/cmd/registry",
          Duration.ofSeconds(124));

  RegistryUnderLoad {
    requireNonNull(name, "name is null");
    requireNonNull(start, "start is null");
    requireNonNull(stop, "stop is null");
  }

  /// Ours, over this root.
  static RegistryUnderLoad referee(Path folder, Path root) {
    long began = System.nanoTime();
    var process =
        RefereeProcess.serve(
            folder,
            Map.of("JAVA_TOOL_OPTIONS", BenchmarkWorld.AS_IN_THE_POD),
            "registry",
            "--root",
            root.toString(),
            "--listen",
            "127.0.0.1:0");
    awaitServing(process.uri().getPort());
    return new RegistryUnderLoad(
        "referee registry",
        process.uri().getPort(),
        process.pid(),
        Duration.ofNanos(System.nanoTime() - began),
        true,
        process::close);
  }

  /// The one that most others are measured by, with its defaults.
  static RegistryUnderLoad distribution(Path folder) throws IOException {
    var executable = GoBuilds.standard().executable(DISTRIBUTION);
    int port = freePort();
    var config =
        Files.writeString(
            folder.resolve("distribution.yml"),
            """
            version: 0.1
            log: {level: error, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "127.0.0.1:%d"}
            """
                .formatted(folder.resolve("distribution"), port));
    long began = System.nanoTime();
    var process =
        ChildProcess.start(
            List.of(executable.toString(), "serve", config.toString()),
            folder,
            Map.of("OTEL_TRACES_EXPORTER", "none"),
            folder.resolve("distribution.log"));
    awaitServing(port);
    return new RegistryUnderLoad(
        "distribution",
        port,
        process.pid(),
        Duration.ofNanos(System.nanoTime() - began),
        false,
        process::stop);
  }

  KeepAlive connect() throws IOException {
    return new KeepAlive(port);
  }

  /// A line of what the kernel knows of its memory, such as `VmRSS`, in MiB.
  long mebibytes(String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IOException("the kernel does not say " + field);
  }

  private static void awaitServing(int port) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .ignoreExceptions()
        .until(
            () -> {
              try (var connection = new KeepAlive(port)) {
                return connection.send("GET", "/v2/").status() == 200;
              }
            });
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    stop.run();
  }
}
