package dev.referee.e2e.registries;

import static dev.referee.e2e.registries.RegistryUser.PATIENCE;
import static dev.referee.e2e.registries.RegistryUser.condition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// An operator that looks after the registries of one namespace for each test. No pod need run for
/// that.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OperatedRegistries {
  static final String VOLUME = "{storage: {persistentVolume: {size: 1Gi}}}";

  Cluster cluster;
  RunningOperator operator;
  TemporaryNamespace namespace;
  RegistryUser user;

  @BeforeAll
  void startOperator(Cluster cluster) {
    this.cluster = cluster;
    operator = RunningOperator.start(cluster, "registry.test/referee:none");
  }

  @AfterAll
  void stopOperator() {
    if (operator != null) {
      operator.close();
    }
  }

  @BeforeEach
  void makeNamespace() {
    namespace = TemporaryNamespace.in(cluster, Map.of());
    user = new RegistryUser(cluster, namespace);
    operator.grantSecrets(namespace.name());
  }

  @AfterEach
  void removeNamespace() {
    namespace.close();
  }

  final JsonNode awaitEndpoint(String name) {
    await(() -> assertThat(user.status(name).path("endpoint").asText()).as(name).isNotEmpty());
    return user.status(name);
  }

  static void await(ThrowingRunnable assertion) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(assertion);
  }

  static String message(JsonNode status) {
    return condition(status).path("message").asText();
  }
}
