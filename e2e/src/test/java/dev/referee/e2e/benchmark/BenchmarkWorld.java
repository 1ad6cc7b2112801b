package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RemoteRepository;
import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.SigningKey;
import dev.referee.testing.Statements;
import dev.referee.testing.tls.CertificateAuthority;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// A registry with signed images, the way to it, and webhooks before it.
final class BenchmarkWorld implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// What the image's options and the pod's limit of 512 MiB make the JVM choose.
  static final Map<String, String> AS_IN_THE_POD =
      asInThePod("-XX:+UseSerialGC -XX:MaxRAM=512m -XX:MaxRAMPercentage=60");

  final Forwarder way;
  private final TemporaryFolder folder = TemporaryFolder.create("referee-benchmark");
  private final SigningKey key = SigningKey.p256();
  private final CosignSigner signer = new CosignSigner(key);
  private final CertificateAuthority authority = CertificateAuthority.create("CN=benchmark");
  private final RefereeProcess registry;
  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client;
  private int webhooks;

  BenchmarkWorld() throws IOException {
    registry = RefereeProcess.registry(folder.path());
    way = new Forwarder(registry.uri().getPort());
    client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  }

  /// What an image has beside itself.
  enum Evidence {
    SIGNATURE,
    SIGNATURE_AND_ATTESTED_SBOM,
    SIGNATURE_AND_SIGNED_SBOM,
    TWENTY_FOREIGN_SIGNATURES_AND_ONE,
    FIVE_REFERRERS
  }

  /// Pushes an image with its evidence.
  ///
  /// @return how pods name it, by digest
  String push(String name, Evidence evidence) throws SourceException {
    var repository = repository(name);
    var image = Artifacts.image(repository, name, "1");
    switch (evidence) {
      case SIGNATURE -> sign(repository, image);
      case SIGNATURE_AND_ATTESTED_SBOM -> {
        sign(repository, image);
        var _ = signer.attest(repository, image, Statements.SPDX, Documents.spdx(name));
      }
      case SIGNATURE_AND_SIGNED_SBOM -> {
        sign(repository, image);
        sign(repository, sbom(repository, image, name));
      }
      case TWENTY_FOREIGN_SIGNATURES_AND_ONE -> {
        for (int i = 0; i < 20; i++) {
          var _ = new CosignSigner(SigningKey.p256()).sign(repository, image);
        }
        sign(repository, image);
      }
      case FIVE_REFERRERS -> {
        sign(repository, image);
        sign(repository, sbom(repository, image, name));
        for (int i = 0; i < 3; i++) {
          var _ =
              Artifacts.attach(
                  repository, image, "application/vnd.example.note", ("note " + i).getBytes(UTF_8));
        }
      }
    }
    return "%s/shop/%s@%s".formatted(way.host(), name, image.digest());
  }

  private void sign(RemoteRepository repository, Descriptor subject) throws SourceException {
    var _ = signer.sign(repository, subject);
  }

  private static Descriptor sbom(RemoteRepository repository, Descriptor image, String name)
      throws SourceException {
    return Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.spdx(name));
  }

  /// The registry itself, not over the way that is measured.
  private RemoteRepository repository(String name) {
    return client.open(new Repository(registry.host(), "shop/" + name), Deadline.in(PATIENCE));
  }

  /// The variables of a container of the image, with these options of its JVM.
  static Map<String, String> asInThePod(String options) {
    return Map.of(
        "JAVA_TOOL_OPTIONS",
        options + " -XX:TrimNativeHeapInterval=10000 -XX:-UsePerfData",
        "MALLOC_ARENA_MAX",
        "2");
  }

  /// Starts a webhook with a policy of its own.
  ///
  /// @param sbom whether an SBOM is required beside the signature
  RefereeProcess webhook(boolean sbom) throws IOException {
    webhooks++;
    var home = Files.createDirectory(folder.path().resolve("webhook-" + webhooks));
    var policies = Files.createDirectory(home.resolve("policies"));
    Files.writeString(policies.resolve("policy.yaml"), policy(sbom));
    var certificate = authority.server("CN=webhook", List.of("127.0.0.1"));
    return RefereeProcess.serve(
        home,
        AS_IN_THE_POD,
        "webhook",
        "--listen",
        "127.0.0.1:0",
        "--policies",
        policies.toString(),
        "--tls-cert",
        write(home.resolve("tls.crt"), certificate.certificatePem()),
        "--tls-key",
        write(home.resolve("tls.key"), certificate.keyPem()));
  }

  private static String write(Path file, String text) throws IOException {
    return Files.writeString(file, text).toString();
  }

  String policy(boolean sbom) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterSigner
    metadata: {name: ci}
    spec:
      key:
        publicKey: |
    %s
    ---
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: benchmark}
    spec:
      match: {images: ["%s/**"]}
      require:
        - {name: signed, signature: {by: [ci]}}
    %s
    """
        .formatted(
            key.publicKeyPem().indent(6),
            way.host(),
            sbom ? "    - {name: sbom, sbom: {signedBy: {by: [ci]}}}" : "");
  }

  /// The authority of the webhooks' certificates.
  String authorityPem() {
    return authority.certificatePem();
  }

  /// Trusts the certificates of the webhooks.
  SSLSocketFactory tls() throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("benchmark", authority.certificate());
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  @Override
  public void close() throws IOException {
    client.close();
    vertx.close().await();
    way.close();
    registry.close();
    folder.close();
  }
}
