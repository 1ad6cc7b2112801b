package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.ChildProcess;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.GoTool;
import dev.referee.e2e.tools.ModuleFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/// The registry that most others are measured by. It has no referrers API, so clients keep the
/// fallback tag.
public final class Distribution implements AutoCloseable {
  private static final GoTool TOOL =
      new GoTool(
          ModuleFolder.goModule("clients/distribution"),
          "registry",
          "github.com/distribution/distribution/v3/cmd/registry",
          Duration.ofSeconds(124));

  private final ChildProcess process;
  private final int port;

  private Distribution(ChildProcess process, int port) {
    this.process = requireNonNull(process, "process is null");
    this.port = port;
  }

  /// Builds it, so that a start takes no longer than that.
  public static Path executable() {
    return GoBuilds.standard().executable(TOOL);
  }

  /// Starts it over a folder, with its defaults.
  public static Distribution start(Path folder) throws IOException {
    var executable = executable();
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
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
    var process =
        ChildProcess.start(
            List.of(executable.toString(), "serve", config.toString()),
            folder,
            Map.of("OTEL_TRACES_EXPORTER", "none"),
            folder.resolve("distribution.log"));
    return new Distribution(process, port);
  }

  /// Waits until it listens.
  public Distribution awaitListening() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(
            () -> {
              process.expectAlive();
              try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
    return this;
  }

  public int port() {
    return port;
  }

  /// Its number at the operating system.
  public long pid() {
    return process.pid();
  }

  public String host() {
    return "127.0.0.1:" + port;
  }

  /// Ends it, once or more often.
  public void stop() {
    process.stop();
  }

  @Override
  public void close() {
    stop();
  }
}
