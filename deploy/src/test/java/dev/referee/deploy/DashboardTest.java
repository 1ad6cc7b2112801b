package dev.referee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.gate.Gate;
import dev.referee.gate.NamespaceLabels;
import dev.referee.gate.ProofTimes;
import dev.referee.gate.RememberedProofs;
import dev.referee.gate.ScaleTargets;
import dev.referee.gate.WatchedFolder;
import dev.referee.gate.registries.MeteredSources;
import dev.referee.server.ListenAddress;
import dev.referee.server.Metrics;
import dev.referee.server.TlsFiles;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.TrustedClient;
import dev.referee.webhook.Webhook;
import dev.referee.webhook.WebhookConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the dashboard draws of a webhook is there to be read. For the operator's, which need an
/// API server, `e2e` looks (`DashboardE2E`).
class DashboardTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:referee_(?!operator|audit)|jvm_|process_|system_)[a-z_]+\\b");
  private static final String POLICY =
      """
      apiVersion: referee.dev/v1alpha1
      kind: ClusterSigner
      metadata: {name: key}
      spec:
        key:
          publicKey: |
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEt26HkD7eNB3TZJ2U7niohk6b9+by
            1WBK0ux0HBq2ek3W8yjIpKE7BUkNX9nChACUNg5ldrFhVn+Iq/bm7KoRyA==
            -----END PUBLIC KEY-----
      ---
      apiVersion: referee.dev/v1alpha1
      kind: ClusterReferrerPolicy
      metadata: {name: policy}
      spec:
        match: {images: ["**"]}
        require: [{name: signed, signature: {by: [key]}}]
      """;
  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "1", "operation": "CREATE", "namespace": "default", "name": "p",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "p", "namespace": "default"},
         "spec": {"containers": [{"name": "c", "image": "registry.example.com/app:1"}]}}}}
      """;

  @TempDir private Path folder;

  @Test
  void drawsOnlyWhatIsMeasured() throws Exception {
    var drawn = new TreeSet<String>();
    expressions(JSON.readTree(Path.of("dashboards/referee.json").toFile()), drawn);
    assertThat(drawn).hasSizeGreaterThan(10);

    var measured = measured();

    assertThat(measured).containsAll(drawn);
  }

  private static void expressions(JsonNode node, Set<String> metrics) {
    for (var field : node.properties()) {
      var value = field.getValue();
      if (value.isTextual() && Set.of("expr", "query").contains(field.getKey())) {
        METRIC.matcher(value.asText()).results().forEach(found -> metrics.add(found.group()));
      }
      expressions(value, metrics);
    }
    node.elements()
        .forEachRemaining(
            element -> {
              if (node.isArray()) {
                expressions(element, metrics);
              }
            });
  }

  /// The names that a webhook shows which refused one pod.
  private Set<String> measured() throws Exception {
    var authority = CertificateAuthority.create("CN=test");
    var certificate = authority.server("CN=webhook", List.of("127.0.0.1"));
    var tls =
        new TlsFiles(
            Files.writeString(folder.resolve("tls.crt"), certificate.certificatePem()),
            Files.writeString(folder.resolve("tls.key"), certificate.keyPem()));
    var policies = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    try (var http = TrustedClient.of(authority.certificate());
        var metrics = new Metrics();
        var source = WatchedFolder.open(List.of(policies), Duration.ofMinutes(1));
        var background = Executors.newVirtualThreadPerTaskExecutor()) {
      var meters = metrics.registry();
      var gate =
          new Gate(
              source,
              NamespaceLabels.UNKNOWN,
              new MeteredSources(new MemoryRepository(), meters),
              new RememberedProofs(ProofTimes.DEFAULT, System::nanoTime, background, meters),
              InstantSource.system());
      var config =
          new WebhookConfig(ListenAddress.parse("127.0.0.1:0"), tls).withLameDuck(Duration.ZERO);
      try (var webhook = Webhook.start(config, gate, ScaleTargets.UNKNOWN, metrics)) {
        var review = HttpRequest.newBuilder(at(webhook, "/validate?timeout=10s"));
        var answer = send(http, review.POST(BodyPublishers.ofString(REVIEW)).build());
        assertThat(JSON.readTree(answer).at("/response/allowed").asBoolean(true)).isFalse();
        var names = new TreeSet<String>();
        send(http, HttpRequest.newBuilder(at(webhook, "/metrics")).build())
            .lines()
            .filter(line -> !line.startsWith("#"))
            .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
      }
    }
  }

  private static URI at(Webhook webhook, String path) {
    return URI.create(webhook.uri() + path);
  }

  private static String send(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    var response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
