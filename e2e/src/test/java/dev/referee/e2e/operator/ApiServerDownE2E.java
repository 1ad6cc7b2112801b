package dev.referee.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.OwnControlPlane;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.SkipWhereUnavailable;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.ModuleFolder;
import dev.referee.testing.AdmissionReviews;
import dev.referee.testing.SigningKey;
import dev.referee.testing.tls.TrustedClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// The API server goes away and comes back: what is known is still insisted on, and afterwards
/// everything is kept in order as before.
@ExtendWith(SkipWhereUnavailable.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerDownE2E {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIGURATION = "validatingwebhookconfiguration/referee";

  private OwnControlPlane cluster;
  private Installation installation;
  private X509Certificate authority;

  @BeforeAll
  void install() throws Exception {
    cluster =
        OwnControlPlane.start(
            System.getenv(),
            GoBuilds.standard(),
            ModuleFolder.path().resolve("target/control-plane/api-server-down"));
    Definitions.install(cluster);
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterSigner
        metadata: {name: ci}
        spec:
          key:
            publicKey: |
        """
            + SigningKey.p256().publicKeyPem().indent(6));
    apply(policy("before"));
    installation = Installation.start(cluster);
    authority = authority();
    awaitReason("before");
  }

  @AfterAll
  void stop() {
    if (installation != null) {
      installation.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void insistsWhileItIsDownAndRecovers() throws Exception {
    assertThatBothVerdictsHold();
    assertThat(operatorMetrics()).contains("referee_operator_leader 1.0");

    cluster.killApiServer();
    try {
      // All the time until the operator knows that it leads no more.
      within()
          .untilAsserted(
              () -> {
                assertThatBothVerdictsHold();
                assertThat(operatorMetrics()).contains("referee_operator_leader 0.0");
              });
    } finally {
      cluster.restartApiServer();
    }
    assertThatBothVerdictsHold();

    // Watches are there again, of the webhook and of the operator, and so is the leader.
    apply(policy("after"));
    awaitReason("after");
    within().untilAsserted(() -> assertRefusedByApiServer("after"));
    cluster
        .kubectl()
        .succeed(
            "patch",
            CONFIGURATION,
            "--type=json",
            "-p",
            "[{\"op\": \"replace\", \"path\": \"/webhooks/0/failurePolicy\", \"value\":"
                + " \"Ignore\"}]");
    within()
        .untilAsserted(
            () ->
                assertThat(
                        cluster
                            .kubectl()
                            .run(
                                "get", CONFIGURATION, "-o", "jsonpath={.webhooks[0].failurePolicy}")
                            .text())
                    .isEqualTo("Fail"));
  }

  private void assertThatBothVerdictsHold() throws Exception {
    var refused = review("registry.before.example/app:1");
    assertThat(refused.path("allowed").asBoolean(true)).isFalse();
    assertThat(refused.path("status").path("message").asText())
        .contains("ClusterReferrerPolicy/before");
    assertThat(review("elsewhere.example/app:1").path("allowed").asBoolean()).isTrue();
  }

  private JsonNode review(String image) throws Exception {
    try (var http = TrustedClient.of(authority)) {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(installation.webhook() + "/validate?timeout=10s"))
                  .POST(
                      BodyPublishers.ofString(
                          AdmissionReviews.podCreation("shop", "app", image).toString()))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return JSON.readTree(answer.body()).path("response");
    }
  }

  private X509Certificate authority() throws IOException, GeneralSecurityException {
    var secret =
        cluster
            .client()
            .secrets()
            .inNamespace(installation.namespace())
            .withName("referee-webhook-ca")
            .require();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    Base64.getDecoder().decode(secret.getData().get("tls.crt"))));
  }

  private String operatorMetrics() throws IOException, InterruptedException {
    try (var plain = HttpClient.newHttpClient()) {
      return plain
          .send(
              HttpRequest.newBuilder(URI.create(installation.operator().uri() + "/metrics"))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private void assertRefusedByApiServer(String policy) {
    try (var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      assertThat(
              cluster
                  .kubectl()
                  .run(
                      "run",
                      "app",
                      "--namespace=" + namespace.name(),
                      "--image=registry.%s.example/app:1".formatted(policy),
                      "--dry-run=server")
                  .stderr())
          .contains("denied the request", "ClusterReferrerPolicy/" + policy);
    }
  }

  private static String policy(String name) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: %1$s}
    spec:
      match: {images: ["registry.%1$s.example/**"]}
      timeout: 1s
      require: [{name: signed, signature: {by: [ci]}}]
    """
        .formatted(name);
  }

  private void awaitReason(String policy) {
    within()
        .untilAsserted(
            () ->
                assertThat(
                        cluster
                            .kubectl()
                            .run(
                                "get",
                                "clusterreferrerpolicy/" + policy,
                                "-o",
                                "jsonpath={.status.conditions[?(@.type=='Ready')].reason}")
                            .text())
                    .isEqualTo("Compiled"));
  }

  private static ConditionFactory within() {
    return Awaitility.await().pollInterval(Duration.ofMillis(200)).atMost(Duration.ofMinutes(2));
  }

  private void apply(String object) {
    cluster.kubectl().reading(object).succeed("apply", "-f", "-");
  }
}
