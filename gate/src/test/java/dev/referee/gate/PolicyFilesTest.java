package dev.referee.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    assertThat(PolicyFiles.read(List.of(folder)))
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
