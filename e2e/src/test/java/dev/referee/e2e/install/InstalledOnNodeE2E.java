package dev.referee.e2e.install;

import static dev.referee.e2e.install.Installer.NAMESPACE;
import static dev.referee.e2e.install.Installer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Referee in its own pods, from its own image, with its own rights: installed, asked, removed.
/// `REFEREE_E2E_IMAGE` names the image on the node (`deploy/README.md` builds it).
@OnCluster
@WithClients
@Tag("node")
class InstalledOnNodeE2E {
  private static final String IMAGE = "REFEREE_E2E_IMAGE";

  /// Whose images are asked about.
  private static final String REGISTRY = "registry.invalid";

  private final Cluster cluster;
  private final Installer installer;

  InstalledOnNodeE2E(Cluster cluster, Clients clients) {
    this.cluster = cluster;
    this.installer = new Installer(cluster, clients);
  }

  @BeforeEach
  void needsANodeWithTheImage() {
    assumeThat(System.getenv(IMAGE)).as(IMAGE + ", which names the image").isNotBlank();
    assumeThat(installer.isThere()).as("whether %s is there already", NAMESPACE).isFalse();
  }

  @AfterEach
  void remove() {
    if (System.getenv(IMAGE) != null) {
      installer.remove();
    }
  }

  @Test
  void refusesImagesUntilItIsUninstalled() {
    var image = System.getenv(IMAGE);
    int colon = image.lastIndexOf(':');
    installer.installByHelm(
        "--set",
        "image.repository=%s,image.tag=%s"
            .formatted(image.substring(0, colon), image.substring(colon + 1)),
        "--wait",
        "--timeout=5m");
    try (var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      installer.kubectl().reading(policy(namespace)).succeed("apply", "-f", "-");
      installer
          .kubectl()
          .succeed("wait", "--for=condition=Ready", "--timeout=60s", "crp/installed-on-node");

      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(run(namespace, REGISTRY + "/app:1", "--dry-run=server").stderr())
                      .contains("denied the request", "ClusterReferrerPolicy/installed-on-node"));
      // What no policy is about is nobody's business.
      run(namespace, "registry.test/other:1", "--dry-run=server").orFail();
      assertThat(logs()).isNotEmpty().allSatisfy(InstalledOnNodeE2E::isJson);

      installer.helm("uninstall", "referee", "--namespace", NAMESPACE).orFail();

      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> run(namespace, REGISTRY + "/app:1", "--dry-run=server").orFail());
      installer.kubectl("delete", "namespace", NAMESPACE, "--wait=false").orFail();
    }
  }

  private Output run(TemporaryNamespace namespace, String image, String dryRun) {
    return installer.kubectl(
        "run", "pod", "--image=" + image, "--namespace", namespace.name(), dryRun);
  }

  /// All but the line that says where a server listens.
  private List<String> logs() {
    return installer
        .kubectl(
            "logs",
            "--namespace",
            NAMESPACE,
            "--selector=app.kubernetes.io/name=referee",
            "--tail=-1")
        .orFail()
        .text()
        .lines()
        .filter(line -> !line.startsWith("listening on "))
        .toList();
  }

  private static void isJson(String line) {
    assertThat(line).startsWith("{\"time\":").endsWith("}");
  }

  private static String policy(TemporaryNamespace namespace) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: installed-on-node}
    spec:
      match:
        images: ["%s/**"]
        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
      require: [{name: not-from-here, deny: {message: use another registry}}]
    """
        .formatted(REGISTRY, namespace.name());
  }
}
