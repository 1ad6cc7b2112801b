package dev.referee.e2e.install;

import static dev.referee.e2e.install.Installer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Whatever the dashboard draws of the operator is there to be read.
@OnCluster
class DashboardE2E {
  private static final Pattern DRAWN = Pattern.compile("\\breferee_(?:operator|audit)_[a-z_]+");

  private final Cluster cluster;

  DashboardE2E(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void drawsWhatTheOperatorMeasures() throws IOException {
    var drawn = new TreeSet<String>();
    DRAWN
        .matcher(Files.readString(DeployFolder.dashboard()))
        .results()
        .forEach(found -> drawn.add(found.group()));
    assertThat(drawn).hasSizeGreaterThan(3);
    Definitions.install(cluster);
    try (var namespace = TemporaryNamespace.in(cluster, Map.of());
        var folder = TemporaryFolder.create("referee-e2e-dashboard");
        var operator = operator(namespace, folder);
        var http = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(measured(http, operator.uri())).containsAll(drawn));
    }
  }

  /// It registers no webhook: where it looks for one, none answers.
  private RefereeProcess operator(TemporaryNamespace namespace, TemporaryFolder folder) {
    return RefereeProcess.serve(
        folder.path(),
        Map.of(
            "KUBECONFIG",
            cluster.kubeconfig().toAbsolutePath().toString(),
            "POD_NAMESPACE",
            namespace.name(),
            "POD_NAME",
            "operator"),
        "operator",
        "--listen",
        "127.0.0.1:0",
        "--webhook-url",
        "https://127.0.0.1:1");
  }

  private static Set<String> measured(HttpClient http, URI operator)
      throws IOException, InterruptedException {
    var response =
        http.send(
            HttpRequest.newBuilder(operator.resolve("/metrics")).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    var names = new TreeSet<String>();
    response
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    return names;
  }
}
