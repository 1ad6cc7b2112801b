package dev.referee.e2e.benchmark;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
  /// Of our JVM: those that the pod of an OciRegistry has, and what its limit of 512 MiB makes of
  /// the image's; or others, to compare.
  private static final String OPTIONS =
      System.getenv()
          .getOrDefault(
              "REFEREE_BENCHMARK_JAVA_OPTIONS",
              "-XX:+UseSerialGC -Xmn32m -XX:SurvivorRatio=2 -XX:MinHeapFreeRatio=10"
                  + " -XX:MaxHeapFreeRatio=20 -XX:MaxRAM=512m -XX:MaxRAMPercentage=60");

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
            BenchmarkWorld.asInThePod(OPTIONS),
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
    var _ = Distribution.executable();
    long began = System.nanoTime();
    var distribution = Distribution.start(folder);
    awaitServing(distribution.port());
    return new RegistryUnderLoad(
        "distribution",
        distribution.port(),
        distribution.pid(),
        Duration.ofNanos(System.nanoTime() - began),
        false,
        distribution::stop);
  }

  KeepAlive connect() throws IOException {
    return new KeepAlive(port);
  }

  /// A line of what the kernel knows of its memory, such as `VmRSS`, in MiB.
  long mebibytes(String field) throws IOException {
    return ProcessMemory.mebibytes(pid, field);
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

  @Override
  public void close() {
    stop.run();
  }
}
