package dev.referee.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever it is installed with, it is the same installation.
@OnCluster
@WithClients
class RenderingE2E {
  private static final String NAMESPACE = "referee-system";

  private final Cluster cluster;
  private final Clients clients;

  RenderingE2E(Cluster cluster, Clients clients) {
    this.cluster = cluster;
    this.clients = clients;
  }

  /// After a change: `kubectl kustomize deploy >deploy/rendered/referee.yaml`, and look at it.
  @Test
  void kubectlRendersWhatIsCommitted() throws IOException {
    var rendered = cluster.kubectl().succeed("kustomize", DeployFolder.kustomization()).stdout();

    assertThat(Rendered.read(rendered))
        .isEqualTo(Rendered.read(Files.readString(DeployFolder.rendered())));
  }

  /// All but the namespace, which Helm needs before it can install anything.
  @Test
  void helmRendersTheSame() throws IOException {
    var expected = new HashMap<>(Rendered.read(Files.readString(DeployFolder.rendered())));
    assertThat(expected.remove("Namespace /" + NAMESPACE)).isNotNull();

    var rendered = Rendered.read(template().orFail().stdout());

    assertThat(Rendered.withoutPolicies(rendered)).isEqualTo(expected);
  }

  @Test
  void helmKeepsDefinitionsUnlessToldOtherwise() throws IOException {
    var name = "CustomResourceDefinition /clustersigners.referee.dev";
    var policy = "/metadata/annotations/helm.sh~1resource-policy";

    var kept = Rendered.read(template().orFail().stdout());
    assertThat(Rendered.object(kept, name).at(policy).asText()).isEqualTo("keep");
    var disposable = Rendered.read(template("--set", "crds.keep=false").orFail().stdout());
    assertThat(Rendered.object(disposable, name).at(policy).isMissingNode()).isTrue();
    assertThat(Rendered.read(template("--set", "crds.install=false").orFail().stdout()))
        .doesNotContainKey(name);
  }

  /// A Role without names would be a Role for all of them.
  @Test
  void helmReadsNoSecretsWhereNoneAreNamed() throws IOException {
    var rendered = Rendered.read(template("--set-json", "readable.secrets=[]").orFail().stdout());

    assertThat(Rendered.object(rendered, "Role " + NAMESPACE + "/referee-values").toString())
        .contains("configmaps")
        .doesNotContain("secrets");
  }

  @Test
  void helmRunsTheImageThatItIsTold() throws IOException {
    var digest = "sha256:" + "ab".repeat(32);
    var rendered =
        Rendered.read(
            template(
                    "--set",
                    "image.repository=registry.example.com:5000/a/referee,image.digest=" + digest)
                .orFail()
                .stdout());

    var image = "registry.example.com:5000/a/referee@" + digest;
    for (var component : new String[] {"webhook", "operator"}) {
      assertThat(
              Rendered.object(rendered, "Deployment %s/referee-%s".formatted(NAMESPACE, component))
                  .at("/spec/template/spec/containers/0/image")
                  .asText())
          .isEqualTo(image);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhok.replicas=3",
        "webhook.replica=3",
        "webhook.replicas=0",
        "image.digest=sha256:12",
        "image.pullPolicy=Sometimes",
        "logFormat=xml",
        "readable.secrets={referee-webhook-ca}"
      })
  void helmRefusesAValueThatMakesNoSense(String value) {
    var refused = template("--set", value);

    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.stderr()).contains("values don't meet the specifications of the schema");
  }

  @Test
  void helmFindsNothingToComplainAbout() {
    clients.helm().succeed("lint", "--strict", DeployFolder.chart());
  }

  private Output template(String... options) {
    return clients
        .helm()
        .run(
            Stream.concat(
                    Stream.of(
                        "template", "referee", DeployFolder.chart(), "--no-hooks", "-n", NAMESPACE),
                    Stream.of(options))
                .toArray(String[]::new));
  }
}
