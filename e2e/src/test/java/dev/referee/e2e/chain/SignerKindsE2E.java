package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Policies with every kind of signer, on a real API server: each admits what its signer signed,
/// and refuses its near miss. What is signed keyless is by a real Sigstore instance.
@OnCluster
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignerKindsE2E {
  private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(60);
  private static final String ALICE = "alice@referee.test";

  private final String name = TemporaryNamespace.uniqueName();
  private final String labels = "\"%s\": \"%s\"".formatted(AdmissionWebhook.LABEL, name);
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-signers");
  private Cluster cluster;
  private Clients clients;
  private PrivateSigstore sigstore;
  private RefereeProcess registry;
  private AdmissionWebhook webhook;
  private TemporaryNamespace namespace;
  private ImageBuilder images;

  @BeforeAll
  void installAndWait(Cluster cluster, Clients clients) throws IOException {
    this.cluster = cluster;
    this.clients = clients;
    Definitions.install(cluster);
    sigstore =
        PrivateSigstore.fromEnvironment(clients.home())
            .orElseGet(
                () ->
                    abort(
                        "SKIPPED: %s does not name the state of a Sigstore instance"
                            .formatted(PrivateSigstore.STATE)));
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
    apply(TrustDocuments.trustRoot(name, labels, sigstore.trustedRoot(), "{timestamps: 1}"));
    addSigner("key", "{key: {publicKey: %s}}".formatted(quoted(images.key("release"))));
    addSigner(
        "keyless",
        TrustDocuments.keyless(
            name, "issuer: \"%s\", subject: \"%s\"".formatted(sigstore.issuer("email"), ALICE)));
    addSigner(
        "x509",
        "{x509: {certificates: {authorities: {inline: %s}, timestampAuthorities: {inline: %s}}, identities: [{subject: \"%s\"}]}}"
            .formatted(
                quoted(certificates("certificateAuthorities")),
                quoted(certificates("timestampAuthorities")),
                ALICE));
    addSigner("group", "{group: {signers: [\"%1$s-key\", \"%1$s-keyless\"]}}".formatted(name));
    webhook = AdmissionWebhook.start(cluster, name, folder.path());
    namespace = TemporaryNamespace.in(cluster, Map.of(AdmissionWebhook.LABEL, name));
    images.push("group-probe");
    awaitAnswer("group-probe", "denied the request");
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
            "clusterreferrerpolicies,clustersigners,clustertrustroots",
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
    "key,     UNTRUSTED_KEY",
    "keyless, IDENTITY_MISMATCH",
    "x509,    IDENTITY_MISMATCH",
    "group,   THRESHOLD_NOT_REACHED"
  })
  void admitsItsSignersImagesAndNoNearMiss(String kind, String reason) {
    var good = images.push(kind + "-good");
    var miss = images.push(kind + "-miss");
    switch (kind) {
      case "key" -> {
        images.key("stranger");
        images.sign("release", good);
        images.sign("stranger", miss);
      }
      case "group" -> {
        images.sign("release", good);
        sign(good, ALICE);
        sign(miss, ALICE);
      }
      case "keyless", "x509" -> {
        sign(good, ALICE);
        sign(miss, "mallory@referee.test");
      }
      default -> throw new IllegalArgumentException(kind);
    }

    var admitted = pod(kind + "-good");
    assertThat(admitted.exitCode()).as(admitted.stderr()).isZero();
    var refused = pod(kind + "-miss");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("denied the request", reason);
  }

  /// A trust root that changes is in force without a restart, also for what was proven before.
  @Test
  void followsATrustRootThatChanges() {
    var other = name + "-changing";
    apply(TrustDocuments.trustRoot(other, labels, sigstore.trustedRoot(), "{}"));
    apply(
        TrustDocuments.signer(
            other,
            labels,
            TrustDocuments.keyless(
                other,
                "issuer: \"%s\", subject: \"%s\"".formatted(sigstore.issuer("email"), ALICE))));
    apply(policy(other, "changing-*", other));
    sign(images.push("changing-image"), ALICE);
    Awaitility.await()
        .atMost(IN_FORCE_WITHIN)
        .untilAsserted(() -> assertThat(dryRun("changing-image").exitCode()).isZero());

    apply(TrustDocuments.trustRoot(other, labels, sigstore.trustedRoot(), "{timestamps: 2}"));
    awaitAnswer("changing-image", "TIMESTAMP_MISSING");

    cluster.kubectl().succeed("delete", "clustertrustroot", other);
    awaitAnswer("changing-image", "POLICY_INVALID", other);
  }

  /// What could mean anybody is refused when it is applied, by the schema.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ClusterSigner    | {}                                                                     | exactly one of key
          ClusterSigner    | {notation: {}}                                                         | spec.notation.trustStores: Required value
          ClusterSigner    | {group: {signers: [a], threshold: 2}}                                  | threshold
          ClusterSigner    | {group: {signers: []}}                                                 | signers
          ClusterSigner    | {keyless: {trustRoot: r, identities: []}}                              | identities
          ClusterSigner    | {keyless: {trustRoot: r, identities: [{subject: s}]}}                  | needs issuer
          ClusterSigner    | {x509: {trustRoot: r, identities: [{}]}}                               | needs a subject
          ClusterSigner    | {x509: {identities: [{subject: s}]}}                                   | exactly one of trustRoot
          ClusterTrustRoot | {}                                                                     | exactly one of sigstore
          ClusterTrustRoot | {sigstore: {trustedRoot: {}}}                                          | exactly one of inline
          """)
  void refusesNonsenseAtApply(String kind, String spec, String message) {
    var refused =
        cluster
            .kubectl()
            .reading(
                """
                apiVersion: referee.dev/v1alpha1
                kind: %s
                metadata: {name: "%s-nonsense"}
                spec: %s
                """
                    .formatted(kind, name, spec))
            .run("create", "--dry-run=server", "-f", "-");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("is invalid").contains(message);
  }

  /// A signer of that kind, and a policy for the images whose names begin with it.
  private void addSigner(String kind, String spec) {
    apply(TrustDocuments.signer(name + "-" + kind, labels, spec));
    apply(policy(name + "-" + kind, kind + "-*", name + "-" + kind));
  }

  private String policy(String policy, String image, String signer) {
    return TrustDocuments.policy(
        policy,
        labels,
        "%s/shop/%s".formatted(registry.host(), image),
        "{name: signed, signature: {by: [\"%s\"]}}".formatted(signer));
  }

  private void sign(String reference, String subject) {
    clients
        .cosign()
        .succeed(
            "sign",
            "-y",
            "--trusted-root",
            sigstore.trustedRoot().toString(),
            "--signing-config",
            sigstore.signingConfig("signing_config.json").toString(),
            "--identity-token",
            sigstore.token("email", subject),
            images.digested(reference));
  }

  /// The certificates of a trusted root's authorities, in PEM.
  private String certificates(String authorities) throws IOException {
    var pem = new StringBuilder();
    var root = new ObjectMapper().readTree(Files.readString(sigstore.trustedRoot(), UTF_8));
    for (JsonNode authority : root.path(authorities)) {
      for (JsonNode certificate : authority.path("certChain").path("certificates")) {
        var der = Base64.getDecoder().decode(certificate.path("rawBytes").asText());
        pem.append("-----BEGIN CERTIFICATE-----\n")
            .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der))
            .append("\n-----END CERTIFICATE-----\n");
      }
    }
    return pem.toString();
  }

  private static String quoted(String text) {
    return TrustDocuments.quoted(text);
  }

  private void awaitAnswer(String image, String... parts) {
    Awaitility.await()
        .atMost(IN_FORCE_WITHIN)
        .untilAsserted(() -> assertThat(dryRun(image).stderr()).contains(parts));
  }

  private void apply(String manifest) {
    cluster.kubectl().reading(manifest).succeed("apply", "-f", "-");
  }

  private Output dryRun(String image) {
    return pod(image, "--dry-run=server");
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
