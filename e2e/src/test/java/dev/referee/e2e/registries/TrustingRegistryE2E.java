package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.IssuedCertificate;
import dev.referee.testing.tls.TrustedClient;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom an OciRegistry's registry trusts: its clients by their certificates, and the sink of its
/// events by its own. The process runs with the arguments and the files of its pod.
@OnCluster
class TrustingRegistryE2E extends OperatedRegistries {
  private static final String BUILDER = "spiffe://cluster.local/ns/shop/sa/builder";

  private final CertificateAuthority clients = CertificateAuthority.create("CN=clients");
  private final CertificateAuthority sinks = CertificateAuthority.create("CN=sinks");

  @TempDir private Path folder;

  @Test
  void knowsClientsByTheirCertificatesAndTellsItsSink() throws Exception {
    try (var sink =
        ScriptedServer.start(sinks.server("CN=sink", List.of("127.0.0.1")))
            .on("POST /events", ScriptedServer.reply(204, ""))) {
      user.secret("told", Map.of("token", "s3cret"));
      user.apply("images", everything(sink.url() + "/events", clients));
      var pod = awaitPod();
      var machine = new PodOnThisMachine(user.client(), user.namespace(), pod, folder);
      try (var registry = machine.start()) {
        var builder = certificate(clients, BUILDER);
        assertThat(push(registry.uri(), builder)).isEqualTo(201);
        assertThat(push(registry.uri(), certificate(clients, BUILDER + "s"))).isEqualTo(403);
        assertThat(push(registry.uri(), null)).isEqualTo(401);
        // As the operator and Referee ask, with nothing to show: they are told where tokens are.
        var asked = get(registry.uri().resolve("/v2/"), null);
        assertThat(asked.statusCode()).isEqualTo(401);
        assertThat(asked.headers().firstValue("WWW-Authenticate").orElseThrow())
            .startsWith("Bearer realm=\"%s\"".formatted(registry.uri().resolve("/token")));
        // Signed with what the operator made.
        var given = get(registry.uri().resolve("/token?service=referee"), builder);
        assertThat(given.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(given.body()).path("token").asText()).isNotEmpty();
        await(() -> assertThat(sink.asked()).hasSize(1));
        var event = sink.asked().getFirst();
        assertThat(event.authorization()).isEqualTo("Bearer s3cret");
        assertThat(new ObjectMapper().readTree(event.body()).path("source").asText())
            .isEqualTo("https://images.%s.svc.cluster.local:5000".formatted(user.namespace()));

        // Another authority is no other pod: the registry sees it by itself.
        var next = CertificateAuthority.create("CN=next");
        user.apply("images", everything(sink.url() + "/events", next));
        await(
            () -> {
              machine.writeFiles();
              assertThat(push(registry.uri(), certificate(next, BUILDER))).isEqualTo(201);
            });
        assertThat(awaitPod()).isEqualTo(pod);
      }
    }
  }

  /// A port of the nodes has the certificate name loopback, where the process listens.
  private String everything(String sink, CertificateAuthority vouching) {
    return """
    {storage: {persistentVolume: {size: 1Gi}}, nodePort: 30956,
      access: {tokens: {}, certificates: [
        {uri: "%s", repositories: ["apps/**"], actions: [Pull, Push]}]},
      tls: {clients: {caBundle: "%s"}},
      events: {sink: "%s", tokenRef: {name: told}, caBundle: "%s"}}
    """
        .formatted(
            BUILDER, inQuotes(vouching.certificatePem()), sink, inQuotes(sinks.certificatePem()));
  }

  private static String inQuotes(String text) {
    return text.replace("\n", "\\n");
  }

  private PodSpec awaitPod() {
    await(() -> assertThat(user.status("images").path("caBundle").asText()).isNotEmpty());
    var sets = user.client().apps().statefulSets().inNamespace(user.namespace());
    await(() -> assertThat(sets.withName("images").get()).isNotNull());
    return sets.withName("images").get().getSpec().getTemplate().getSpec();
  }

  private static IssuedCertificate certificate(CertificateAuthority authority, String uri) {
    return authority.client(
        "CN=client", List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  private int push(URI registry, @Nullable IssuedCertificate certificate) throws Exception {
    var manifest =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
        """;
    var request =
        HttpRequest.newBuilder(registry.resolve("/v2/apps/cart/manifests/v1"))
            .header("Content-Type", "application/vnd.oci.image.index.v1+json")
            .PUT(BodyPublishers.ofString(manifest, UTF_8))
            .build();
    return send(request, certificate).statusCode();
  }

  private HttpResponse<String> get(URI uri, @Nullable IssuedCertificate certificate)
      throws Exception {
    return send(HttpRequest.newBuilder(uri).build(), certificate);
  }

  private HttpResponse<String> send(HttpRequest request, @Nullable IssuedCertificate certificate)
      throws Exception {
    try (var client = TrustedClient.of(authority(), certificate)) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private X509Certificate authority() throws CertificateException {
    var pem = user.status("images").path("caBundle").asText().getBytes(UTF_8);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  @Test
  void saysWhatCannotBeTrusted() {
    var broken = "-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----";
    broken = broken.formatted("A".repeat(64));
    var leaf = inQuotes(clients.client("CN=client").certificatePem());
    user.apply("garbled", with("events: {sink: \"https://sink.test\", caBundle: \"%s\"}", broken));
    user.apply("leaf", with("tls: {clients: {caBundle: \"%s\"}}", leaf));
    user.apply(
        "tokenless", with("events: {sink: \"https://sink.test\", tokenRef: {name: %s}}", "none"));

    assertThat(message(user.awaitReason("garbled", "CertificateInvalid")))
        .startsWith("spec.events.caBundle cannot be used");
    assertThat(message(user.awaitReason("leaf", "CertificateInvalid")))
        .startsWith("spec.tls.clients.caBundle cannot be used")
        .contains("CN=client is no authority's");
    assertThat(message(user.awaitReason("tokenless", "SecretNotFound")))
        .contains("Secret none, which spec.events.tokenRef names");
    user.secret("none", Map.of("token", "t"));
    await(() -> assertThat(user.status("tokenless").path("endpoint").asText()).isNotEmpty());
  }

  /// Said by the API server, before anything is made of it.
  @Test
  void isRefusedWhenItMakesNoSense() {
    var vouched = "tls: {clients: {caBundle: \"%s\"}}, ".formatted(pem());
    for (var refused :
        Map.of(
                with("events: {sink: \"%s\"}", "ftp://sink.test"), "spec.events.sink",
                with("events: {sink: \"%s\"}", "https://me:pw@sink.test/"), "spec.events.sink",
                with("events: {sink: \"http://sink.test\", caBundle: \"%s\"}", pem()),
                    "a sink that is not https has no use for caBundle",
                with("events: {sink: \"http://sink.test\", tokenRef: {name: %s}}", "t"),
                    "a token is not sent to a sink that is not https",
                with("events: {sink: \"https://sink.test\", caBundle: \"%s\"}", "x".repeat(64)),
                    "caBundle is PEM certificates",
                with("tls: {clients: {%s}}", ""), "spec.tls.clients.caBundle",
                with("access: {certificates: [{dns: ci.test, repositories: [\"%s\"]}]}", "**"),
                    "access.certificates needs tls.clients",
                with(vouched + "access: {certificates: [{repositories: [\"%s\"]}]}", "**"),
                    "a certificate is known by its uri, dns, email or commonName",
                with(vouched + "access: {certificates: [{uri: \"%s\", repositories: [a]}]}", "no"),
                    "certificates[0].uri")
            .entrySet()) {
      var answer = user.tryToApply("images", refused.getKey());
      assertThat(answer.exitCode()).as(refused.getKey()).isNotZero();
      assertThat(answer.stderr()).contains(refused.getValue());
    }
  }

  private String pem() {
    return inQuotes(clients.certificatePem());
  }

  private static String with(String fields, String value) {
    return "{storage: {persistentVolume: {size: 1Gi}}, %s}".formatted(fields.formatted(value));
  }
}
