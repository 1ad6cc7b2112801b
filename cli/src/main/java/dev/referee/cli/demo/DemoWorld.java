package dev.referee.cli.demo;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RemoteRepository;
import dev.referee.gate.Gate;
import dev.referee.gate.NamespaceLabels;
import dev.referee.gate.PolicyFileException;
import dev.referee.gate.ScaleTargets;
import dev.referee.gate.WatchedFolder;
import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.server.ListenAddress;
import dev.referee.server.Metrics;
import dev.referee.server.TlsFiles;
import dev.referee.testing.SigningKey;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.TrustedClient;
import dev.referee.verify.ProofMemory;
import dev.referee.webhook.Webhook;
import dev.referee.webhook.WebhookConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// Everything that the demonstration runs: registry and webhook on loopback, over TLS, with keys
/// and a policy that exist for it alone.
final class DemoWorld implements AutoCloseable {
  private static final ListenAddress ANY_PORT = ListenAddress.parse("127.0.0.1:0");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SigningKey key = SigningKey.p256();
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final Path authorityFile;
  private final Path policies;
  private final Registry registry;
  private final RegistryClient client;
  private final Gate gate;
  private final Webhook webhook;
  private final HttpClient http;

  private DemoWorld() throws IOException, PolicyFileException {
    var folder = Files.createTempDirectory("referee-demo");
    closers.push(() -> delete(folder));
    var authority = CertificateAuthority.create("CN=referee-demo");
    var certificate = authority.server("CN=demo", List.of("127.0.0.1"));
    var tls =
        new TlsFiles(
            Files.writeString(folder.resolve("tls.crt"), certificate.certificatePem()),
            Files.writeString(folder.resolve("tls.key"), certificate.keyPem()));

    registry =
        Registry.start(RegistryConfig.of(folder.resolve("store"), ANY_PORT).tls(tls).build());
    closers.push(registry::close);

    var vertx = Vertx.vertx();
    closers.push(() -> vertx.close().await());
    client =
        new RegistryClient(
            vertx, RegistryClientConfig.defaults().trusting(List.of(authority.certificatePem())));
    closers.push(client::close);

    authorityFile = Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
    policies = Files.createDirectory(folder.resolve("policies"));
    Files.writeString(policies.resolve("demo.yaml"), policy());
    var source = WatchedFolder.open(List.of(policies), PATIENCE);
    closers.push(source::close);

    gate =
        new Gate(source, NamespaceLabels.UNKNOWN, client, ProofMemory.NONE, InstantSource.system());
    var metrics = new Metrics();
    closers.push(metrics::close);
    webhook = Webhook.start(new WebhookConfig(ANY_PORT, tls), gate, ScaleTargets.UNKNOWN, metrics);
    closers.push(webhook::close);
    http = TrustedClient.of(authority.certificate());
  }

  static DemoWorld start() throws IOException, PolicyFileException {
    return new DemoWorld();
  }

  /// The key that the policy trusts.
  SigningKey key() {
    return key;
  }

  /// The registry as images name it.
  String host() {
    return registry.uri().getAuthority();
  }

  /// The folder with the policy and its signer.
  Path policies() {
    return policies;
  }

  /// The certificate authority of both servers, in PEM.
  Path authorityFile() {
    return authorityFile;
  }

  URI registryUri() {
    return registry.uri();
  }

  URI webhookUri() {
    return webhook.uri();
  }

  RemoteRepository repository(String name) {
    return client.open(new Repository(host(), "shop/" + name), Deadline.in(PATIENCE));
  }

  Gate gate() {
    return gate;
  }

  /// A client that trusts the webhook's certificate, as an API server does.
  HttpClient http() {
    return http;
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }

  /// What users would `kubectl apply`.
  private String policy() {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterSigner
    metadata: {name: ci-key}
    spec:
      key:
        publicKey: |
    %s
    ---
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: demo}
    spec:
      match: {images: ["%s/shop/**"]}
      require:
        - name: built-by-ci
          signature: {by: [ci-key]}
        - name: sbom
          sbom: {formats: [SPDX, CycloneDX], signedBy: {by: [ci-key]}}
    """
        .formatted(key.publicKeyPem().indent(6), host());
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
