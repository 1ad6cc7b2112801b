package dev.referee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// How the pods run.
class WorkloadsTest {
  private static final List<String> DEPLOYMENTS = List.of("referee-operator", "referee-webhook");

  private final Installation installation = Installation.read();

  /// The profile "restricted" of the Pod Security Standards, and a root that nobody can write.
  @Test
  void needsNoPrivilege() {
    for (var name : DEPLOYMENTS) {
      var security = pod(name).path("securityContext");
      var container = container(name).path("securityContext");

      assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
      assertThat(security.path("runAsUser").asInt()).isEqualTo(65532);
      assertThat(security.path("seccompProfile").path("type").asText()).isEqualTo("RuntimeDefault");
      assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(Installation.texts(container.path("capabilities").path("drop")))
          .containsExactly("ALL");
      assertThat(container.path("capabilities").has("add")).isFalse();
    }
  }

  @Test
  void runsTheVersionOfThisBuild() throws IOException {
    var version = version();
    for (var name : DEPLOYMENTS) {
      assertThat(container(name).path("image").asText()).isEqualTo("referee:" + version);
    }
    assertThat(variable("referee-operator", "REFEREE_IMAGE")).isEqualTo("referee:" + version);
    assertThat(Files.readString(Path.of("chart/referee/Chart.yaml")))
        .contains("\nversion: " + version + "\n", "\nappVersion: " + version + "\n");
  }

  /// The operator looks for the Service, the Secret and the ClusterRole under these names.
  @Test
  void isCalledAsTheOperatorCallsIt() {
    var service = installation.object("Service", "referee-webhook");

    assertThat(service.path("spec").path("ports").get(0).path("port").asInt()).isEqualTo(443);
    assertThat(pod("referee-webhook").toString())
        .contains("\"secretName\":\"referee-webhook-tls\"");
    assertThat(Installation.texts(container("referee-operator").path("args")))
        .contains("--owner-cluster-role=referee-webhook-configurations");
    assertThat(installation.object("ClusterRole", "referee-webhook-configurations")).isNotNull();
  }

  /// A webhook configuration that is there before the webhook answers stops a cluster.
  @Test
  void installsNoWebhookConfiguration() {
    assertThat(
            installation.ofKind("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"))
        .isEmpty();
  }

  /// `kubectl delete -k` goes through the objects in their order: what takes the webhook
  /// configurations with it is deleted while the webhook still answers.
  @Test
  void isUninstalledFromTheConfigurationsOn() {
    var first = installation.objects().findFirst().orElseThrow();

    assertThat(first.path("kind").asText()).isEqualTo("ClusterRole");
    assertThat(Installation.name(first)).isEqualTo("referee-webhook-configurations");
  }

  @Test
  void keepsOneWebhookWhileNodesAreDrained() {
    var budget = installation.object("PodDisruptionBudget", "referee-webhook").path("spec");

    assertThat(
            installation
                .object("Deployment", "referee-webhook")
                .path("spec")
                .path("replicas")
                .asInt())
        .isGreaterThan(budget.path("maxUnavailable").asInt());
    assertThat(budget.path("unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
  }

  @Test
  void mountsTheServiceAccountWhereItIsUsedOnly() {
    installation
        .ofKind("ServiceAccount")
        .forEach(
            account ->
                assertThat(account.path("automountServiceAccountToken").asBoolean(true)).isFalse());
    for (var name : DEPLOYMENTS) {
      assertThat(pod(name).path("serviceAccountName").asText()).isEqualTo(name);
    }
  }

  @Test
  void selectsItsPodsAndNoOthers() {
    for (var name : DEPLOYMENTS) {
      var deployment = installation.object("Deployment", name);
      var selector = deployment.path("spec").path("selector").path("matchLabels");

      for (var label : selector.properties()) {
        assertThat(deployment.at("/spec/template/metadata/labels").path(label.getKey()).asText())
            .isEqualTo(label.getValue().asText());
      }
      assertThat(installation.object("NetworkPolicy", name).at("/spec/podSelector/matchLabels"))
          .isEqualTo(selector);
    }
  }

  /// Options of `java` from the environment would be announced on standard error, between lines of
  /// JSON.
  @Test
  void tellsJavaByTheCommandOfTheImage() throws IOException {
    var entrypoint =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("ENTRYPOINT "))
            .map(line -> line.replaceAll("[^/@.a-z]+", " ").strip().split(" "))
            .findFirst()
            .orElseThrow();
    var command = container("referee-operator").path("command");

    assertThat(command).first().extracting(JsonNode::asText).isEqualTo(entrypoint[0]);
    assertThat(command).last().extracting(JsonNode::asText).isEqualTo(entrypoint[1]);
    for (var name : DEPLOYMENTS) {
      assertThat(container(name).path("env"))
          .extracting(variable -> variable.path("name").asText())
          .doesNotContain("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");
    }
  }

  private JsonNode pod(String deployment) {
    return installation.object("Deployment", deployment).at("/spec/template/spec");
  }

  private JsonNode container(String deployment) {
    return pod(deployment).path("containers").get(0);
  }

  private String variable(String deployment, String name) {
    for (var variable : container(deployment).path("env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    throw new AssertionError(name + " is not set");
  }

  private static String version() throws IOException {
    var matcher =
        Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
