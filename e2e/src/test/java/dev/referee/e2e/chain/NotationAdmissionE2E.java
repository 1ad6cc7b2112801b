package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
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
  private final CertificateAuthority root = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private final CertificateAuthority other = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private GuardedNamespace guarded;
  private ImageBuilder images;
  private NotationClient notation;

  @BeforeAll
  void installAndWait(Cluster cluster, Clients clients) throws IOException {
    guarded = new GuardedNamespace(cluster);
    images = new ImageBuilder(clients, guarded.registry());
    notation = new NotationClient(clients);
    notation.key("release", root.codeSigner("C=US,ST=WA,O=Acme,CN=release"), root);
    notation.key("elsewhere", root.codeSigner("C=US,ST=NY,O=Acme,CN=release"), root);
    notation.key("stranger", other.codeSigner("C=US,ST=WA,O=Acme,CN=release"), other);
    guarded.apply(
        TrustDocuments.signer(
            guarded.name(),
            guarded.labels(),
            NotationPolicy.strict("acme", "x509.subject: C=US, ST=WA, O=Acme")
                .spec(_ -> root.certificatePem())));
    guarded.apply(
        TrustDocuments.policy(
            guarded.name(),
            guarded.labels(),
            guarded.registry() + "/**",
            "{name: signed, signature: {by: [\"%s\"]}}".formatted(guarded.name())));
    images.push("probe");
    guarded.guard("probe");
  }

  @AfterAll
  void close() {
    if (guarded != null) {
      guarded.close();
    }
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
        guarded.tryToCreate(
            TrustDocuments.signer(guarded.name() + "-nonsense", guarded.labels(), spec));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("is invalid").contains(message);
  }

  private void assertAnswer(String image, String expected) {
    var answer = guarded.pod(image, image);
    if (expected.equals("allowed")) {
      assertThat(answer.exitCode()).as(answer.stderr()).isZero();
    } else {
      assertThat(answer.exitCode()).isNotZero();
      assertThat(answer.stderr()).contains("denied the request", expected);
    }
  }
}
