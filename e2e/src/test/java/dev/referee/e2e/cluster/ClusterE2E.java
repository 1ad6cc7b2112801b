package dev.referee.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.e2e.junit.OnCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What every other test on a cluster relies on.
@OnCluster
class ClusterE2E {
  /// Selects the namespace of one test, so that nobody else's objects are sent to its webhook.
  private static final String LABEL = "e2e.referee.dev/namespace";

  private static final Duration CONFIGURED_WITHIN = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final KubernetesClient client;

  ClusterE2E(Cluster cluster) {
    this.cluster = cluster;
    this.client = cluster.client();
  }

  @Test
  void isNewEnough() {
    var version = client.getKubernetesVersion().getGitVersion();
    var parts = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+).*").matcher(version);

    assertThat(parts.matches()).as(version).isTrue();
    var parsed =
        new Runtime.Version[] {
          Runtime.Version.parse(parts.group(1) + "." + parts.group(2) + "." + parts.group(3)),
          Runtime.Version.parse("1.36.3")
        };
    assertThat(parsed[0].compareTo(parsed[1])).as(version).isNotNegative();
  }

  @Test
  void appliesAndReadsWithKubectl() {
    try (var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      var manifest =
          """
          apiVersion: v1
          kind: ConfigMap
          metadata:
            name: applied
          data:
            key: value
          """;

      var applied =
          cluster
              .kubectl()
              .reading(manifest)
              .succeed("--namespace", namespace.name(), "apply", "--filename", "-");

      assertThat(applied.text()).isEqualTo("configmap/applied created");
      var read =
          cluster
              .kubectl()
              .succeed(
                  "get", "configmap/applied", "-n", namespace.name(), "-o", "jsonpath={.data.key}");
      assertThat(read.text()).isEqualTo("value");
    }
  }

  @Test
  void createsAPod() {
    try (var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      var pod =
          new PodBuilder()
              .withNewMetadata()
              .withNamespace(namespace.name())
              .withName("pod")
              .endMetadata()
              .withNewSpec()
              .addNewContainer()
              .withName("main")
              .withImage("registry.test/app:1")
              .endContainer()
              .endSpec()
              .build();

      var created = client.resource(pod).create();

      assertThat(created.getMetadata().getUid()).isNotBlank();
    }
  }

  @Test
  void reachesAServerInThisProcess() throws IOException {
    var name = TemporaryNamespace.uniqueName();
    try (var webhook = new RecordingWebhook(cluster.callbackAddress());
        var namespace = TemporaryNamespace.in(cluster, Map.of(LABEL, name))) {
      var configuration = client.resource(configuration(name, webhook));
      configuration.create();
      try {
        // The API server learns of the configuration a moment later.
        Awaitility.await()
            .atMost(CONFIGURED_WITHIN)
            .untilAsserted(
                () -> {
                  client.resource(configMap(namespace, "probe")).dryRun().create();
                  assertThat(webhook.seen()).contains("probe");
                });

        client.resource(configMap(namespace, "allowed")).create();

        assertThat(webhook.seen()).contains("allowed");
        assertThatThrownBy(() -> client.resource(configMap(namespace, "refused")).create())
            .isInstanceOf(KubernetesClientException.class)
            .hasMessageContaining(RecordingWebhook.REFUSAL);
      } finally {
        configuration.delete();
      }
    }
  }

  private static ConfigMap configMap(TemporaryNamespace namespace, String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace.name())
        .withName(name)
        .endMetadata()
        .build();
  }

  private static ValidatingWebhookConfiguration configuration(
      String name, RecordingWebhook webhook) {
    var authority = webhook.authorityPem().getBytes(StandardCharsets.US_ASCII);
    return new ValidatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .addNewWebhook()
        .withName("recording.e2e.referee.dev")
        .withAdmissionReviewVersions("v1")
        .withSideEffects("None")
        .withFailurePolicy("Fail")
        .withTimeoutSeconds(5)
        .withNewClientConfig()
        .withUrl(webhook.url().toString())
        .withCaBundle(Base64.getEncoder().encodeToString(authority))
        .endClientConfig()
        .withNewNamespaceSelector()
        .addToMatchLabels(LABEL, name)
        .endNamespaceSelector()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withResources("configmaps")
        .withOperations("CREATE")
        .endRule()
        .endWebhook()
        .build();
  }
}
