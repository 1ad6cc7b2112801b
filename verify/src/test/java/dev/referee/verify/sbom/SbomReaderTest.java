package dev.referee.verify.sbom;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import dev.referee.testing.Documents;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SbomReaderTest {
  private static final int MAX = 1 << 20;

  @Test
  void recognisesEveryForm() {
    assertThat(read(new String(Documents.spdx("p"), UTF_8))).hasValue("SPDX 2.3, 1 package");
    assertThat(read(new String(Documents.cycloneDx("p"), UTF_8)))
        .hasValue("CycloneDX 1.6, 1 package");
    assertThat(
            read(
                """
                {"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
                 {"type":"SpdxDocument","spdxId":"x"},
                 {"type":"software_Package","name":"a","verifiedUsing":[{"type":"Hash"}]},
                 {"name":"b","type":"software_Package"}]}
                """))
        .hasValue("SPDX 3.0.1, 2 packages");
    assertThat(
            read(
                """
                SPDXVersion: SPDX-2.3
                DataLicense: CC0-1.0
                SPDXID: SPDXRef-DOCUMENT
                PackageName: a
                PackageName: b
                """))
        .hasValue("SPDX 2.3, 2 packages");
    assertThat(
            read(
                """
                <?xml version="1.0"?>
                <bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
                  <metadata><component type="application"><name>app</name></component></metadata>
                  <components>
                    <component type="library"><name>a</name>
                      <components><component type="library"><name>nested</name></component></components>
                    </component>
                  </components>
                </bom>
                """))
        .hasValue("CycloneDX 1.5, 1 package");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "hello",
        "{\"bomFormat\":\"CycloneDX\"}",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":6}",
        "{\"bomFormat\":\"cyclonedx\",\"specVersion\":\"1.6\"}",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"latest\"}",
        "{\"spdxVersion\":\"SPDX-2.3\"}",
        "{\"spdxVersion\":\"SPDX-9\",\"SPDXID\":\"SPDXRef-DOCUMENT\"}",
        "{\"x\":{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}}",
        "{\"@context\":\"https://example.com/rdf/3.0/\"}",
        "<bom/>",
        "<html xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>",
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/2\"/>",
        "SPDXVersion: SPDX-2.3",
        "{\"version\":\"2.1.0\",\"runs\":[]}"
      })
  void takesNothingElseForAnSbom(String document) {
    assertThat(read(document)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"bomFormat\":\"x\"}",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}{}",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"spdxVersion\":\"SPDX-2.3\"}",
        "<bom",
        "<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><bom"
            + " xmlns=\"http://cyclonedx.org/schema/bom/1.5\">&x;</bom>"
      })
  void refusesWhatIsMalformedOrTwoThingsAtOnce(String document) {
    assertThatThrownBy(() -> read(document)).isInstanceOf(MalformedContentException.class);
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThatThrownBy(() -> read("{\"components\":" + "[".repeat(100_000)))
        .isInstanceOf(MalformedContentException.class);
    assertThatThrownBy(() -> read("<a>".repeat(100_000)))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void refusesWhatIsLargerThanRead() {
    assertThatThrownBy(() -> SbomReader.read(new byte[MAX + 1], MAX))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void readsPredicates() {
    assertThat(SbomReader.readPredicate(StrictJson.read(Documents.spdx("p"), MAX)))
        .map(SbomDocument::describe)
        .hasValue("SPDX 2.3, 1 package");
    assertThat(
            SbomReader.readPredicate(
                TextNode.valueOf("SPDXVersion: SPDX-2.2\nSPDXID: SPDXRef-DOCUMENT\n")))
        .map(SbomDocument::describe)
        .hasValue("SPDX 2.2, 0 packages");
    assertThat(SbomReader.readPredicate(StrictJson.read("[1]".getBytes(UTF_8), MAX))).isEmpty();
  }

  private static Optional<String> read(String document) {
    return SbomReader.read(document.getBytes(UTF_8), MAX).map(SbomDocument::describe);
  }
}
