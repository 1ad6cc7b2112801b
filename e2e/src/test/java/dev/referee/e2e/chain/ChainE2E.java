package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A signed image gets in, an unsigned one does not: policies by kubectl, images by crane,
/// signatures by cosign, SBOMs by oras, Referee's registry and webhook in processes of their own,
/// and the verdict from the API server.
@OnCluster
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainE2E {
  private GuardedNamespace guarded;
  private String name;
  private ImageBuilder images;
  private String signer;
  private String policy;

  @BeforeAll
  void installAndWait(Cluster cluster, Clients clients) throws IOException {
    guarded = new GuardedNamespace(cluster);
    name = guarded.name();
    images = new ImageBuilder(clients, guarded.registry());
    signer = signer(images.key("ci"));
    images.key("stranger");
    policy = policy();
    guarded.apply(signer);
    guarded.apply(policy);
    images.push("probe");
    guarded.guard("probe");
    guarded.awaitAnswer("probe", "denied the request", "ClusterReferrerPolicy/" + name);
  }

  @AfterAll
  void close() {
    if (guarded != null) {
      guarded.close();
    }
  }

  @Test
  void admitsAnImageWithTheWholeChain() {
    var image = images.push("complete");
    images.sign("ci", image);
    var sbom = images.attachSbom(image);
    images.sign("ci", sbom);
    var report = images.attachReport(sbom);
    images.sign("ci", report);

    assertThat(guarded.pod("complete", "complete").orFail().text())
        .isEqualTo("pod/complete created");
    assertThat(read("complete")).isEqualTo(image);
  }

  @Test
  void admitsAnAttestedSbom() {
    var image = images.push("attested");
    images.sign("ci", image);
    images.attestSbom("ci", image);

    assertThat(guarded.pod("attested", "attested").orFail().text())
        .isEqualTo("pod/attested created");
  }

  @Test
  void admitsASignatureUnderATag() {
    var image = images.push("tagged");
    images.signWithTag("ci", image);
    images.attestSbom("ci", image);

    assertThat(guarded.pod("tagged", "tagged").orFail().text()).isEqualTo("pod/tagged created");
  }

  @Test
  void refusesAnUnsignedImageAndSaysWhatItLookedFor() {
    var image = images.push("unsigned");
    images.sign("ci", images.attachSbom(image));

    var refused = guarded.pod("unsigned", "unsigned");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr())
        .contains("admission webhook \"pods.referee.dev\" denied the request")
        .contains("image " + image, "ClusterReferrerPolicy/" + name)
        .containsPattern("built-by-ci +UNSIGNED +no signature by " + name + "; looked at")
        .containsPattern("sbom +met +SPDX 2.3")
        // Shortened as people know digests: twelve digits.
        .contains(
            "the referrers API, the tag " + digestTag(image) + "...", digestTag(image) + "....sig");
    assertThat(exists("unsigned")).isFalse();
  }

  @Test
  void refusesAnImageThatAnotherKeySigned() {
    var image = images.push("other-key");
    images.sign("stranger", image);
    images.sign("ci", images.attachSbom(image));

    assertThat(guarded.pod("other-key", "other-key").stderr())
        .containsPattern("built-by-ci +UNTRUSTED_KEY")
        .containsPattern("sbom +met");
  }

  @Test
  void refusesAnSbomThatNobodySigned() {
    var image = images.push("sbom-unsigned");
    images.sign("ci", image);
    images.attachSbom(image);

    assertThat(guarded.pod("sbom-unsigned", "sbom-unsigned").stderr())
        .containsPattern("built-by-ci +met")
        .containsPattern("sbom +SBOM_UNSIGNED");
  }

  @Test
  void refusesAPodForAnyOfItsContainers() {
    var signed = images.push("main");
    images.sign("ci", signed);
    images.attestSbom("ci", signed);
    var unsigned = images.push("helper");

    var refused =
        guarded.kubectl(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: two}
            spec:
              initContainers: [{name: helper, image: "%s"}]
              containers: [{name: main, image: "%s"}]
            """
                .formatted(unsigned, signed),
            "create",
            "-f",
            "-");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr())
        .contains("spec.initContainers[0].image", "image " + unsigned)
        .doesNotContain("image " + signed);
  }

  /// The person at the shell hears what the API server heard.
  @Test
  void decidesTheSameOnTheCommandLine() throws IOException {
    var signed = images.push("everywhere");
    images.sign("ci", signed);
    images.sign("ci", images.attachSbom(signed));
    var unsigned = images.push("nowhere");
    var files = Files.createDirectory(guarded.folder().resolve("policies"));
    Files.writeString(files.resolve("signer.yaml"), signer);
    Files.writeString(files.resolve("policy.yaml"), policy);

    assertSame(guarded.pod("everywhere", "everywhere"), signed, files, 0, "verdict: allowed");
    assertSame(guarded.pod("nowhere", "nowhere"), unsigned, files, 1, "verdict: denied");
  }

  private void assertSame(Output pod, String image, Path files, int exitCode, String verdict) {
    var layout = guarded.folder().resolve("layout-" + exitCode);
    images.copyToLayout(image, layout);

    var registryVerdict =
        RefereeProcess.run(guarded.folder(), "verify", image, "--policy", files.toString());
    var layoutVerdict =
        RefereeProcess.run(
            guarded.folder(),
            "verify",
            "oci-layout:" + layout + ":v1",
            "--as",
            image,
            "--policy",
            files.toString());

    assertThat(pod.exitCode() == 0).isEqualTo(exitCode == 0);
    assertThat(registryVerdict.exitCode()).as(registryVerdict.stderr()).isEqualTo(exitCode);
    assertThat(registryVerdict.stdout()).contains(verdict);
    assertThat(layoutVerdict.exitCode()).as(layoutVerdict.stderr()).isEqualTo(exitCode);
    assertThat(layoutVerdict.stdout()).contains(verdict);
  }

  /// A new policy, and a changed one, are in force without anybody's restart. `Warn` lets in and
  /// says so.
  @Test
  void followsPoliciesThatChange() {
    images.push("lenient");
    var other = "ClusterReferrerPolicy/" + name + "-lenient";

    guarded.apply(policy(name + "-lenient", "Warn", "images: [\"%s/shop/lenient\"]"));
    guarded.awaitAnswer("lenient", "Warning: image", other, "UNSIGNED");

    guarded.apply(policy(name + "-lenient", "Enforce", "images: [\"%s/shop/lenient\"]"));
    guarded.awaitAnswer("lenient", "denied the request: image", other, "UNSIGNED");
  }

  /// What could never work is refused when it is applied, by the schema.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {match: {images: ["**"]}, require: [{name: a, signature: {by: []}}]}                     | signature.by
          {match: {images: ["**"]}, require: [{name: a}]}                                          | require
          {match: {images: ["**"]}, require: []}                                                   | require
          {match: {images: []}, require: [{name: a, sbom: {}}]}                                    | images
          {match: {images: ["**"]}, action: Allow, require: [{name: a, sbom: {}}]}                 | action
          {match: {images: ["**"]}, onError: Ignore, require: [{name: a, sbom: {}}]}               | onError
          {match: {images: ["**"]}, timeout: soon, require: [{name: a, sbom: {}}]}                 | timeout
          {match: {images: ["**"]}, require: [{name: a, sbom: {formats: [Excel]}}]}                | formats
          {match: {images: ["**"]}, require: [{name: a, signature: {by: [x], threshold: 0}}]}      | threshold
          {match: {images: ["**"]}, require: [{name: a, signature: {by: [x], threshold: 2}}]}      | threshold
          {match: {images: ["**"]}, require: [{name: a, sbom: {}}, {name: a, sbom: {}}]}           | require
          """)
  void refusesNonsenseAtApply(String spec, String field) {
    var refused =
        guarded.tryToCreate(
            """
            apiVersion: referee.dev/v1alpha1
            kind: ClusterReferrerPolicy
            metadata: {name: "%s-nonsense"}
            spec: %s
            """
                .formatted(name, spec));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("is invalid").contains(field);
  }

  /// A misspelt restriction would vanish in a schema; the webhook reviews our own kinds for it.
  @Test
  void refusesAMisspeltFieldAtApply() {
    var refused = guarded.kubectl(policy().replace("signedBy", "singedBy"), "apply", "-f", "-");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("policies.referee.dev", "singedBy");
  }

  private String signer(String publicKey) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterSigner
    metadata: {name: "%1$s", labels: {"%2$s": "%1$s"}}
    spec:
      key:
        publicKey: |
    %3$s
    """
        .formatted(name, AdmissionWebhook.LABEL, publicKey.indent(6));
  }

  private String policy() {
    return policy(
        name, "Enforce", "images: [\"%s/shop/**\"], excludeImages: [\"%<s/shop/lenient\"]");
  }

  /// @param match with the registry for `%s`
  private String policy(String policy, String action, String match) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: ClusterReferrerPolicy
    metadata: {name: "%1$s", labels: {"%2$s": "%3$s"}}
    spec:
      match: {%4$s}
      action: %5$s
      require:
        - name: built-by-ci
          signature: {by: ["%3$s"]}
        - name: sbom
          sbom: {formats: [SPDX, CycloneDX], signedBy: {by: ["%3$s"]}}
    """
        .formatted(
            policy, AdmissionWebhook.LABEL, name, match.formatted(guarded.registry()), action);
  }

  private String digestTag(String image) {
    return images.digested(image).replaceFirst(".*@sha256:", "sha256-").substring(0, 19);
  }

  private String read(String pod) {
    return guarded
        .kubectl("", "get", "pod", pod, "-o", "jsonpath={.spec.containers[0].image}")
        .orFail()
        .text();
  }

  private boolean exists(String pod) {
    return guarded.kubectl("", "get", "pod", pod).succeeded();
  }
}
