package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
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
  private static final String ALICE = "alice@referee.test";

  private String name;
  private String labels;
  private Clients clients;
  private PrivateSigstore sigstore;
  private GuardedNamespace guarded;
  private ImageBuilder images;

  @BeforeAll
  void installAndWait(Cluster cluster, Clients clients) throws IOException {
    this.clients = clients;
    sigstore = PrivateSigstore.fromEnvironment(clients.home());
    guarded = new GuardedNamespace(cluster);
    name = guarded.name();
    labels = guarded.labels();
    images = new ImageBuilder(clients, guarded.registry());
    guarded.apply(
        TrustDocuments.trustRoot(name, labels, sigstore.trustedRoot(), "{timestamps: 1}"));
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
    images.push("group-probe");
    guarded.guard("group-probe");
  }

  @AfterAll
  void close() {
    if (guarded != null) {
      guarded.close();
    }
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

    var admitted = guarded.pod(kind + "-good", kind + "-good");
    assertThat(admitted.exitCode()).as(admitted.stderr()).isZero();
    var refused = guarded.pod(kind + "-miss", kind + "-miss");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("denied the request", reason);
  }

  /// A trust root that changes is in force without a restart, also for what was proven before.
  @Test
  void followsATrustRootThatChanges() {
    var other = name + "-changing";
    guarded.apply(TrustDocuments.trustRoot(other, labels, sigstore.trustedRoot(), "{}"));
    guarded.apply(
        TrustDocuments.signer(
            other,
            labels,
            TrustDocuments.keyless(
                other,
                "issuer: \"%s\", subject: \"%s\"".formatted(sigstore.issuer("email"), ALICE))));
    guarded.apply(policy(other, "changing-*", other));
    sign(images.push("changing-image"), ALICE);
    guarded.awaitAllowed("changing-image");

    guarded.apply(
        TrustDocuments.trustRoot(other, labels, sigstore.trustedRoot(), "{timestamps: 2}"));
    guarded.awaitAnswer("changing-image", "TIMESTAMP_MISSING");

    guarded.kubectl("", "delete", "clustertrustroot", other).orFail();
    guarded.awaitAnswer("changing-image", "POLICY_INVALID", other);
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
        guarded.tryToCreate(
            """
            apiVersion: referee.dev/v1alpha1
            kind: %s
            metadata: {name: "%s-nonsense"}
            spec: %s
            """
                .formatted(kind, name, spec));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("is invalid").contains(message);
  }

  /// A signer of that kind, and a policy for the images whose names begin with it.
  private void addSigner(String kind, String spec) {
    guarded.apply(TrustDocuments.signer(name + "-" + kind, labels, spec));
    guarded.apply(policy(name + "-" + kind, kind + "-*", name + "-" + kind));
  }

  private String policy(String policy, String image, String signer) {
    return TrustDocuments.policy(
        policy,
        labels,
        "%s/shop/%s".formatted(guarded.registry(), image),
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
}
