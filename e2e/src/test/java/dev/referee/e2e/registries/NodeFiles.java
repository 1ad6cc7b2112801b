package dev.referee.e2e.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/// What tests of a running registry need of a node: Referee's image on it, and the folder in which
/// its containerd looks for registries.
///
/// @param image reference of Referee's image
/// @param registries the folder
public record NodeFiles(String image, Path registries) {
  private static final String IMAGE = "REFEREE_E2E_IMAGE";
  private static final String REGISTRIES = "REFEREE_E2E_CERTS_D";

  public NodeFiles {
    requireNonNull(image, "image is null");
    requireNonNull(registries, "registries is null");
  }

  /// As the environment says; the folder is looked for beside the kubeconfig too, where a cluster
  /// on this machine keeps both.
  ///
  /// @throws TestAbortedException where this cluster has not what is needed
  public static NodeFiles of(Cluster cluster, Map<String, String> environment) {
    var ready =
        cluster.client().nodes().list().getItems().stream()
            .flatMap(node -> node.getStatus().getConditions().stream())
            .anyMatch(
                condition ->
                    condition.getType().equals("Ready") && condition.getStatus().equals("True"));
    if (!ready) {
      throw new TestAbortedException("the cluster has no node that is ready: no pod would run");
    }
    var image = environment.getOrDefault(IMAGE, "");
    if (image.isBlank()) {
      throw new TestAbortedException(IMAGE + " does not name Referee's image on the node");
    }
    var named = environment.getOrDefault(REGISTRIES, "");
    var beside = cluster.kubeconfig().resolveSibling("containerd.toml");
    if (named.isBlank() && !Files.exists(beside)) {
      throw new TestAbortedException(
          REGISTRIES + " does not name the folder in which the node's containerd finds registries");
    }
    return new NodeFiles(
        image, named.isBlank() ? beside.resolveSibling("certs.d") : Path.of(named));
  }

  /// Removes what was written for a registry.
  public void forget(String registry) throws IOException {
    var folder = registries.resolve(registry);
    for (var file : new String[] {"hosts.toml", "ca.crt"}) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.deleteIfExists(folder);
  }
}
