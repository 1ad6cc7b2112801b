package dev.referee.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.Resource;
import dev.referee.testing.SigningKey;
import dev.referee.verify.policy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFilesTest {
  private static final String POLICY =
      """
      apiVersion: referee.dev/v1alpha1
      kind: ClusterReferrerPolicy
      metadata: {name: production}
      spec:
        require:
          - name: signed
            signature: {by: [ci]}
      """;

  @TempDir Path folder;

  @Test
  void readsEveryDocumentOfEveryFileInOrder() throws Exception {
    write("b.yaml", POLICY);
    write("a.yml", "# a comment\n---\n" + POLICY.replace("production", "first") + "---\n");
    write(
        "c.json",
        "{\"apiVersion\":\"referee.dev/v1alpha1\",\"kind\":\"RefereeConfiguration\",\"metadata\":{\"name\":\"referee\"},\"spec\":{}}");
    write("notes.txt", "not read");
    write(".hidden.yaml", "{");

    assertThat(PolicyFiles.read(List.of(folder)).resources())
        .extracting(Resource::id)
        .extracting(Object::toString)
        .containsExactly(
            "ClusterReferrerPolicy/first",
            "ClusterReferrerPolicy/production",
            "RefereeConfiguration/referee");
  }

  @Test
  void namesFileAndPlaceOfWhatIsWrong() throws Exception {
    assertRefused(
        "a.yaml",
        POLICY + "---\n" + POLICY.replace("signature", "signatur"),
        "a.yaml, document 2: spec.require[0].signatur is not a known field");
    assertRefused("a.yaml", "a:\n  - b\n c: d\n", "a.yaml, line 3 is not well-formed YAML");
    assertRefused("a.yaml", "a: 1\na: 2\n", "is not well-formed YAML");
    assertRefused(
        "a.yaml",
        POLICY + "---\n" + POLICY,
        "ClusterReferrerPolicy/production was defined before, in ");
    assertRefused(
        "a.yaml",
        "kind: Pod\napiVersion: v1\n",
        "apiVersion is \"v1\", known is referee.dev/v1alpha1");
    assertRefused("a.yaml", "just text", "apiVersion is \"\"");
    assertRefused("a.yaml", "[".repeat(1000), "is not well-formed YAML");
    assertRefused(
        "a.yaml", "a: &x 1\nb: *x\n", "a.yaml, line 2: aliases are not read; write the value out");
  }

  /// A signer may keep its key in a Secret or a ConfigMap that stands beside it.
  @Test
  void findsKeysInTheSecretsBesideThem() throws Exception {
    var signer =
        """
        ---
        apiVersion: referee.dev/v1alpha1
        kind: ClusterSigner
        metadata: {name: %1$s}
        spec: {key: {%2$s: {name: %1$s, key: cosign.pub}}}
        """;
    var pem = SigningKey.p256().publicKeyPem();
    var encoded = Base64.getEncoder().encodeToString(pem.getBytes(UTF_8));
    write(
        "a.yaml",
        signer.formatted("secret", "secretKeyRef")
            + signer.formatted("map", "configMapKeyRef")
            + signer.formatted("missing", "secretKeyRef")
            + "---\n"
            + "apiVersion: v1\n"
            + "kind: Secret\n"
            + "metadata: {name: secret, namespace: referee-system}\n"
            + "data: {cosign.pub: %s}\n".formatted(encoded)
            + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n"
            + "data:\n  cosign.pub: |\n"
            + pem.indent(4));

    var policies = PolicyFiles.read(List.of(folder)).compile();

    assertThat(policies.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.object()).hasToString("ClusterSigner/missing");
              assertThat(problem.reason()).isEqualTo(Problem.REFERENCE_NOT_FOUND);
            });
  }

  @Test
  void saysThatThereIsNothing() {
    assertThatThrownBy(() -> PolicyFiles.read(List.of(folder.resolve("none.yaml"))))
        .hasMessageEndingWith("none.yaml does not exist");
    assertThatThrownBy(() -> PolicyFiles.read(List.of(folder)))
        .hasMessageEndingWith("has no .yaml, .yml or .json file");
  }

  private void assertRefused(String file, String content, String message) throws IOException {
    write(file, content);
    assertThatThrownBy(() -> PolicyFiles.read(List.of(folder.resolve(file))))
        .isInstanceOf(PolicyFileException.class)
        .hasMessageContaining(message);
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }
}
