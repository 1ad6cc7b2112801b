package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.GoBuilds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The cluster that somebody named. It may be anybody's: nothing is stopped at the end.
public final class ExistingCluster implements ClusterDriver {
  static final String VARIABLE = "KUBECONFIG_E2E";

  private final Map<String, String> environment;
  private final GoBuilds builds;

  public ExistingCluster(Map<String, String> environment, GoBuilds builds) {
    this.environment = Map.copyOf(environment);
    this.builds = requireNonNull(builds, "builds is null");
  }

  /// @throws ClusterException when the named cluster does not answer: whoever named it did not mean
  ///   another
  @Override
  public Offer offer() {
    var named = environment.getOrDefault(VARIABLE, "");
    if (named.isBlank()) {
      return new Unavailable(VARIABLE + " is not set");
    }
    var kubeconfig = Path.of(named);
    // Tests do not run in the folder in which Maven was started.
    if (!kubeconfig.isAbsolute() || !Files.isReadable(kubeconfig)) {
      throw new ClusterException(
          "%s is %s, but it must be the absolute path of a kubeconfig".formatted(VARIABLE, named));
    }
    var cluster =
        ConnectedCluster.to("an existing cluster", kubeconfig, new Kubectl(builds), () -> {});
    return new Available(
        cluster, "%s names it, at %s".formatted(VARIABLE, cluster.client().getMasterUrl()));
  }
}
