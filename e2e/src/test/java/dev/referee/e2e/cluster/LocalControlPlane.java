package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A control plane of this run's own, from `KUBEBUILDER_ASSETS` or built by Go. Nothing runs the
/// pods it accepts: that is enough for admission and for the operator.
public final class LocalControlPlane implements ClusterDriver {
  /// A port that was free may be taken when its server comes to it; three times is no accident.
  private static final int ATTEMPTS = 3;

  private final Map<String, String> environment;
  private final GoBuilds builds;
  private final Path logs;

  /// @param logs the folder that gets one log a server
  public LocalControlPlane(Map<String, String> environment, GoBuilds builds, Path logs) {
    this.environment = Map.copyOf(environment);
    this.builds = requireNonNull(builds, "builds is null");
    this.logs = requireNonNull(logs, "logs is null");
  }

  /// @throws ClusterException when it does not come up
  /// @throws ToolException when Go does not build what is pinned
  @Override
  public Offer offer() {
    ControlPlaneBinaries binaries;
    try {
      binaries = ControlPlaneBinaries.find(environment, builds);
    } catch (ToolException e) {
      if (e.reason() == ToolReason.UNAVAILABLE) {
        return new Unavailable(String.valueOf(e.getMessage()));
      }
      throw e;
    }
    var began = System.nanoTime();
    var plane = start(binaries);
    try {
      var cluster =
          ConnectedCluster.to(
              "a local control plane", plane.kubeconfig(), binaries::kubectl, plane::close);
      var took = Duration.ofNanos(System.nanoTime() - began);
      return new Available(
          cluster,
          "%s, ready in %.1f s, logs in %s"
              .formatted(binaries.origin(), took.toMillis() / 1000.0, logs));
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  private ControlPlane start(ControlPlaneBinaries binaries) {
    for (int attempt = 1; ; attempt++) {
      try {
        return ControlPlane.start(binaries, logs);
      } catch (ClusterException e) {
        if (attempt == ATTEMPTS
            || !String.valueOf(e.getMessage()).contains("address already in use")) {
          throw e;
        }
      }
    }
  }
}
