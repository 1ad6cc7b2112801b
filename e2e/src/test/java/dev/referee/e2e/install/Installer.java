package dev.referee.e2e.install;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// An administrator with kubectl and Helm.
final class Installer {
  static final String NAMESPACE = "referee-system";

  /// For what controllers do.
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Clients clients;

  Installer(Cluster cluster, Clients clients) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.clients = requireNonNull(clients, "clients is null");
  }

  /// Whether Referee is installed already, by somebody else.
  boolean isThere() {
    return kubectl("get", "namespace", NAMESPACE).succeeded();
  }

  Program kubectl() {
    return cluster.kubectl();
  }

  Output kubectl(String... arguments) {
    return kubectl().run(arguments);
  }

  Output helm(String... arguments) {
    return clients.helm().with("KUBECONFIG", cluster.kubeconfig().toString()).run(arguments);
  }

  /// Definitions of another test may be there, which are not this release's yet.
  void installByHelm(String... options) {
    helm(Stream.concat(
                Stream.of(
                    "install",
                    "referee",
                    DeployFolder.chart(),
                    "--namespace",
                    NAMESPACE,
                    "--create-namespace",
                    "--take-ownership"),
                Stream.of(options))
            .toArray(String[]::new))
        .orFail();
  }

  /// Removes whatever is there of it, and waits until nothing is: what is still going would take
  /// the next one's objects with it.
  void remove() {
    helm("uninstall", "referee", "--namespace", NAMESPACE, "--ignore-not-found");
    kubectl("delete", "-k", DeployFolder.kustomization(), "--ignore-not-found", "--wait=false");
    Awaitility.await()
        .pollInterval(POLL)
        .atMost(PATIENCE)
        .until(() -> areDefinitionsGone() && !isThere());
  }

  /// An API server that is told to remove a definition right after it was made may find that it
  /// cannot list its objects yet ("storage is (re)initializing"). It looks again when the
  /// definition changes, and else after many minutes.
  private boolean areDefinitionsGone() {
    var definitions =
        kubectl("get", "crd", "-o", "name")
            .orFail()
            .text()
            .lines()
            .filter(definition -> definition.endsWith(".referee.dev"))
            .toList();
    for (var definition : definitions) {
      kubectl("annotate", definition, "--overwrite", "e2e.referee.dev/asked=" + System.nanoTime());
    }
    return definitions.isEmpty();
  }
}
