package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// etcd, kube-apiserver and kube-controller-manager on loopback: a control plane without nodes. It
/// ends with this process, however that ends.
final class ControlPlane implements AutoCloseable {
  /// A few seconds are usual; a busy machine may take ten times as long.
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);

  private final TemporaryFolder folder;
  private final ControlPlaneLayout layout;
  private final Path logs;
  private final Watchdog watchdog;
  private final List<ChildProcess> servers = new CopyOnWriteArrayList<>();
  private final Thread shutdownHook = new Thread(this::stop, "control-plane-stop");
  private @Nullable ChildProcess apiServer;
  private boolean stopped;

  private ControlPlane(TemporaryFolder folder, Path logs) {
    this.folder = requireNonNull(folder, "folder is null");
    this.layout = ControlPlaneLayout.onFreePorts(folder.path());
    this.logs = requireNonNull(logs, "logs is null");
    this.watchdog = Watchdog.over(folder.path());
  }

  /// Starts a control plane and waits until pods can be created.
  ///
  /// @param logs the folder that gets one log a server
  /// @throws ClusterException when a server ends or is not ready in time, with the end of its log
  static ControlPlane start(ControlPlaneBinaries binaries, Path logs) {
    var plane = new ControlPlane(TemporaryFolder.create("referee-e2e-control-plane"), logs);
    Runtime.getRuntime().addShutdownHook(plane.shutdownHook);
    try {
      plane.start(binaries);
      return plane;
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  Path kubeconfig() {
    return layout.adminKubeconfig();
  }

  private void start(ControlPlaneBinaries binaries) {
    ControlPlaneCredentials.write(layout);
    createLogs();
    var commands = new ControlPlaneCommands(binaries, layout);
    // The API server waits for etcd itself.
    run(commands.etcd());
    startApiServer(commands);
    if (binaries.controllerManager().isPresent()) {
      try (var probe = new ApiProbe(kubeconfig())) {
        await(run(commands.controllerManager()), probe::hasServiceAccount);
      }
    }
  }

  private void startApiServer(ControlPlaneCommands commands) {
    var server = run(commands.apiServer());
    try (var probe = new ApiProbe(kubeconfig())) {
      await(server, probe::isReady);
    }
    apiServer = server;
  }

  /// Kills the API server; etcd keeps what it stored.
  void killApiServer() {
    var server = requireNonNull(apiServer, "the API server was not started");
    servers.remove(server);
    server.kill();
  }

  /// Starts the API server again, and waits until it is ready.
  void restartApiServer(ControlPlaneBinaries binaries) {
    startApiServer(new ControlPlaneCommands(binaries, layout));
  }

  private void createLogs() {
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the folder " + logs, e);
    }
  }

  private synchronized ChildProcess run(List<String> command) {
    if (stopped) {
      throw new ClusterException("the control plane was stopped while it started");
    }
    var name = Path.of(command.getFirst()).getFileName();
    var server = ChildProcess.start(command, folder.path(), logs.resolve(name + ".log"));
    servers.add(server);
    watchdog.add(server);
    return server;
  }

  private void await(ChildProcess server, Callable<Boolean> ready) {
    try {
      Awaitility.await()
          .pollInterval(POLL)
          .atMost(START_TIMEOUT)
          .until(
              () -> {
                servers.forEach(ChildProcess::expectAlive);
                return ready.call();
              });
    } catch (ConditionTimeoutException _) {
      throw server.failure("was not ready within %d s".formatted(START_TIMEOUT.toSeconds()));
    }
  }

  /// Stops the servers, whoever depends on another before that other.
  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    watchdog.close();
    servers.reversed().forEach(ChildProcess::stop);
    folder.close();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException _) {
      // The JVM is going down; the hook finds nothing left to do.
    }
  }
}
