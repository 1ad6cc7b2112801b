package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/// Somebody who wants registries in a namespace, and looks at what becomes of them.
final class RegistryUser {
  /// Long, because the machine may be busy; nothing waits longer than it must.
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Cluster cluster;
  private final String namespace;

  RegistryUser(Cluster cluster, TemporaryNamespace namespace) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.namespace = namespace.name();
  }

  KubernetesClient client() {
    return cluster.client();
  }

  Program kubectl() {
    return cluster.kubectl();
  }

  String namespace() {
    return namespace;
  }

  /// Applies a registry.
  ///
  /// @param spec in YAML's flow style
  void apply(String name, String spec) {
    var _ = tryToApply(name, spec).orFail();
  }

  /// Whatever the API server says to it.
  Output tryToApply(String name, String spec) {
    var manifest =
        """
        apiVersion: referee.dev/v1alpha1
        kind: OciRegistry
        metadata: {name: "%s"}
        spec: %s
        """
            .formatted(name, spec);
    return kubectl()
        .reading(manifest)
        .run(
            "-n",
            namespace,
            "apply",
            "--server-side",
            "--force-conflicts",
            "--validate=ignore",
            "-f",
            "-");
  }

  void secret(String name, Map<String, String> content) {
    var data = new TreeMap<String, String>();
    content.forEach(
        (key, value) -> data.put(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }

  /// Waits for the condition of a registry to have this reason.
  ///
  /// @return the whole status
  JsonNode awaitReason(String name, String reason) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(condition(status(name)).path("reason").asText()).isEqualTo(reason));
    return status(name);
  }

  JsonNode status(String name) {
    var text = kubectl().succeed("-n", namespace, "get", "ociregistry", name, "-o", "json").text();
    return requireNonNull(Serialization.unmarshal(text, JsonNode.class)).path("status");
  }

  static JsonNode condition(JsonNode status) {
    return status.path("conditions").path(0);
  }
}
