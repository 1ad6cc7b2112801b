package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Map;

/// A control plane of one test's own, whose API server it may kill and start again.
public final class OwnControlPlane implements Cluster {
  private final ControlPlaneBinaries binaries;
  private final ControlPlane plane;
  private final Cluster cluster;

  private OwnControlPlane(ControlPlaneBinaries binaries, ControlPlane plane) {
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.plane = requireNonNull(plane, "plane is null");
    this.cluster =
        ConnectedCluster.to(
            "a local control plane", plane.kubeconfig(), binaries::kubectl, plane::close);
  }

  /// Starts one.
  ///
  /// @param environment where `KUBEBUILDER_ASSETS` is looked up
  /// @param logs the folder that gets one log a server
  /// @throws ClusterException when it does not come up
  /// @throws dev.referee.e2e.tools.ToolException with `UNAVAILABLE` where there are no servers to
  ///   run
  public static OwnControlPlane start(Map<String, String> environment, GoBuilds builds, Path logs) {
    var binaries = ControlPlaneBinaries.find(environment, builds);
    var plane = ControlPlane.start(binaries, logs);
    try {
      return new OwnControlPlane(binaries, plane);
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  /// Kills the API server.
  public void killApiServer() {
    plane.killApiServer();
  }

  /// Starts it again with everything that it had stored, and waits until it is ready.
  public void restartApiServer() {
    plane.restartApiServer(binaries);
  }

  @Override
  public String description() {
    return cluster.description();
  }

  @Override
  public Path kubeconfig() {
    return cluster.kubeconfig();
  }

  @Override
  public KubernetesClient client() {
    return cluster.client();
  }

  @Override
  public Program kubectl() {
    return cluster.kubectl();
  }

  @Override
  public CallbackAddress callbackAddress() {
    return cluster.callbackAddress();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
