package dev.referee.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.gate.FixedPolicies;
import dev.referee.gate.Gate;
import dev.referee.gate.NamespaceLabels;
import dev.referee.gate.ScaleTargets;
import dev.referee.server.ListenAddress;
import dev.referee.server.Metrics;
import dev.referee.server.TlsFiles;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.TrustedClient;
import dev.referee.verify.ProofMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A webhook over TLS with policies that do not change, and a client as an API server is one.
final class RunningWebhook implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CertificateAuthority authority = CertificateAuthority.create("CN=test");
  private final HttpClient http = TrustedClient.of(authority.certificate());
  private final Metrics metrics = new Metrics();
  private final TlsFiles files;
  private final Webhook webhook;

  private RunningWebhook(Path folder, Gate gate, ScaleTargets targets, Duration lameDuck)
      throws IOException {
    files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    renewCertificate();
    webhook =
        Webhook.start(
            new WebhookConfig(
                ListenAddress.parse("127.0.0.1:0"), files, lameDuck, Duration.ofMillis(50)),
            gate,
            targets,
            metrics);
  }

  static RunningWebhook start(
      Path folder, List<Resource> resources, MemoryRepository repository, ScaleTargets targets)
      throws IOException {
    return start(folder, resources, repository, targets, Duration.ZERO);
  }

  static RunningWebhook start(
      Path folder,
      List<Resource> resources,
      MemoryRepository repository,
      ScaleTargets targets,
      Duration lameDuck)
      throws IOException {
    var gate =
        new Gate(
            FixedPolicies.of(resources),
            NamespaceLabels.UNKNOWN,
            repository,
            ProofMemory.NONE,
            InstantSource.system());
    return new RunningWebhook(folder, gate, targets, lameDuck);
  }

  static RunningWebhook start(Path folder, Gate gate, ScaleTargets targets) throws IOException {
    return new RunningWebhook(folder, gate, targets, Duration.ZERO);
  }

  /// Replaces the files of the certificate.
  void renewCertificate() throws IOException {
    var certificate = authority.server("CN=webhook", List.of("127.0.0.1"));
    Files.writeString(files.certificateChain(), certificate.certificatePem());
    Files.writeString(files.key(), certificate.keyPem());
  }

  /// A client with connections of its own.
  HttpClient newClient() {
    return TrustedClient.of(authority.certificate());
  }

  void drain(Duration patience) {
    webhook.drain(patience);
  }

  JsonNode validate(ObjectNode review) throws Exception {
    return post("/validate", review);
  }

  JsonNode mutate(ObjectNode review) throws Exception {
    return post("/mutate", review);
  }

  private JsonNode post(String path, ObjectNode review) throws Exception {
    var response = send(http, "POST", path + "?timeout=10s", review.toString());
    assertThat(response.statusCode()).isEqualTo(200);
    var answer = JSON.readTree(response.body()).path("response");
    assertThat(answer.path("uid")).isEqualTo(review.path("request").path("uid"));
    return answer;
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(http, "GET", path, "");
  }

  HttpResponse<String> send(HttpClient client, String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(webhook.uri() + path))
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    webhook.close();
    metrics.close();
    http.close();
  }
}
