package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pods with images that the real notation signed, on a real API server, by a policy that kubectl
/// has applied.
@OnCluster
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotationAdmissionE2E {
  private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(60);

  private final String name = TemporaryNamespace.uniqueName();
  private final String labels = "\"%s\": \"%s\"".formatted(AdmissionWebhook.LABEL, name);
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-notation");
  private final CertificateAuthority root = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private final CertificateAuthority other = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private Cluster cluster;
  private RefereeProcess registry;
  private AdmissionWebhook webhook;
  private TemporaryNamespace namespace;
  private ImageBuilder images;
  private NotationClient notation;

  @BeforeAll
  void installAndWait(Cluster cluster, Clients clients) throws IOException {
    this.cluster = cluster;
    Definitions.install(cluster);
    registry =
        RefereeProcess.serve(
            folder.path(),
            Map.of(),
            "registry",
            "--root",
            folder.path().resolve("store").toString(),
            "--listen",
            "127.0.0.1:0");
    images = new ImageBuilder(clients, registry.host());
    notation = new NotationClient(clients);
    notation.key("release", root.codeSigner("C=US,ST=WA,O=Acme,CN=release"), root);
    notation.key("elsewhere", root.codeSigner("C=US,ST=NY,O=Acme,CN=release"), root);
    notation.key("stranger", other.codeSigner("C=US,ST=WA,O=Acme,CN=release"), other);
    apply(
        TrustDocuments.signer(
            name,
            labels,
            NotationPolicy.strict("acme", "x509.subject: C=US, ST=WA, O=Acme")
                .spec(root.certificatePem())));
    apply(
        TrustDocuments.policy(
            name,
            labels,
            registry.host() + "/**",
            "{name: signed, signature: {by: [\"%s\"]}}".formatted(name)));
    webhook = AdmissionWebhook.start(cluster, name, folder.path());
    namespace = TemporaryNamespace.in(cluster, Map.of(AdmissionWebhook.LABEL, name));
    images.push("probe");
    Awaitility.await()
        .atMost(IN_FORCE_WITHIN)
        .untilAsserted(
            () ->
                assertThat(pod("probe", "--dry-run=server").stderr())
                    .contains("denied the request"));
  }

  @AfterAll
  void removeWhatIsInNoNamespace() {
    if (webhook != null) {
      webhook.close();
    }
    cluster
        .kubectl()
        .run(
            "delete",
            "clusterreferrerpolicies,clustersigners",
            "--selector=" + AdmissionWebhook.LABEL + "=" + name);
    if (namespace != null) {
      namespace.close();
    }
    if (registry != null) {
      registry.close();
    }
    folder.close();
  }

  @ParameterizedTest
  @CsvSource({
    "release,   jws,  allowed",
    "release,   cose, allowed",
    "elsewhere, jws,  IDENTITY_MISMATCH",
    "stranger,  cose, UNTRUSTED_CERTIFICATE"
  })
  void admitsPodsByWhoSignedTheirImages(String key, String format, String expected) {
    var image = key + "-" + format;
    notation.sign(key, format, images.digested(images.push(image)));

    assertAnswer(image, expected);
  }

  @Test
  void refusesPodsWhoseImagesNobodySigned() {
    images.push("unsigned");

    assertAnswer("unsigned", "UNSIGNED");
  }

  @Test
  void refusesPodsWhoseImagesHaveTheSignatureOfAnother() {
    var signed = images.digested(images.push("original"));
    notation.sign("release", "cose", signed);
    notation.copySignature(signed, images.digested(images.push("copied")));

    assertAnswer("original", "allowed");
    assertAnswer("copied", "SUBJECT_MISMATCH");
  }

  /// What could mean anybody, or nobody, is refused when it is applied.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {notation: {}}                                                                                       | trustStores
          {notation: {trustStores: {}, trustedIdentities: ["*"]}}                                              | ca
          {notation: {trustStores: {ca: {inline: x}}}}                                                         | trustedIdentities
          {notation: {trustStores: {ca: {inline: x}}, trustedIdentities: []}}                                  | trustedIdentities
          {notation: {trustStores: {ca: {inline: x}}, trustedIdentities: ["*"], level: skip}}                  | level
          {notation: {trustStores: {ca: {inline: x}}, trustedIdentities: ["*"], override: {expiry: skip}}}     | skip
          {notation: {trustStores: {ca: {inline: x}}, trustedIdentities: ["*"], override: {authenticity: skip}}} | skip
          """)
  void refusesNonsenseAtApply(String spec, String message) {
    var refused =
        cluster
            .kubectl()
            .reading(TrustDocuments.signer(name + "-nonsense", labels, spec))
            .run("create", "--dry-run=server", "-f", "-");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("is invalid").contains(message);
  }

  private void apply(String manifest) {
    cluster.kubectl().reading(manifest).succeed("apply", "-f", "-");
  }

  private void assertAnswer(String image, String expected) {
    var answer = pod(image);
    if (expected.equals("allowed")) {
      assertThat(answer.exitCode()).as(answer.stderr()).isZero();
    } else {
      assertThat(answer.exitCode()).isNotZero();
      assertThat(answer.stderr()).contains("denied the request", expected);
    }
  }

  private Output pod(String image, String... options) {
    var manifest =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: "%1$s"}
        spec: {containers: [{name: main, image: "%2$s/shop/%1$s:v1"}]}
        """
            .formatted(image, registry.host());
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("--namespace", namespace.name(), "create", "-f", "-"));
    arguments.addAll(List.of(options));
    return cluster.kubectl().reading(manifest).run(arguments.toArray(String[]::new));
  }
}
