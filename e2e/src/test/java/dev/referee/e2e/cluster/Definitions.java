package dev.referee.e2e.cluster;

import dev.referee.e2e.tools.ModuleFolder;
import java.util.stream.Stream;

/// The kinds of Referee's API.
public final class Definitions {
  private Definitions() {}

  /// Installs them and waits until objects can be made. They stay: a cluster may be shared, and to
  /// remove them removes everybody's policies.
  public static void install(Cluster cluster) {
    var manifests = ModuleFolder.path().resolve("../crds/manifests").normalize().toString();
    var applied = cluster.kubectl().succeed("apply", "-k", manifests, "-o", "name").text().lines();
    var wait = Stream.of("wait", "--for=condition=Established", "--timeout=60s");
    cluster.kubectl().succeed(Stream.concat(wait, applied).toArray(String[]::new));
  }
}
