package dev.referee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.SigningKey;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCommandTest {
  @TempDir private Path folder;

  @Test
  void showsReferrersOfReferrersHoweverTheyAreNamed() throws SourceException {
    var signer = new CosignSigner(SigningKey.p256());
    var layout = OciLayoutWriter.open(folder);
    var image = Artifacts.image(layout, "image", "v1");
    CosignSigner.signTag(layout, image.digest(), "image", signer);
    var sbom = Artifacts.attach(layout, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    signer.sign(layout, sbom);

    var run = CommandLineRun.of("tree", "oci-layout:" + folder + ":v1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("oci-layout:" + folder + ":v1"),
            line -> assertThat(line).startsWith(image.digest() + "  application/vnd.oci.image.man"),
            line -> assertThat(line).startsWith("├─ " + sbom.digest() + "  " + Documents.SPDX_TYPE),
            line -> assertThat(line).startsWith("│  └─ sha256:").contains("sigstore.bundle"),
            line -> assertThat(line).startsWith("└─ sha256:").endsWith(".sig)"),
            line -> assertThat(line).isEqualTo("3 referrers"));
  }

  @Test
  void saysTheSameInJson() throws SourceException {
    Artifacts.image(OciLayoutWriter.open(folder), "image", "v1");

    var run = CommandLineRun.of("tree", "oci-layout:" + folder, "-o", "json");

    assertThat(run.out()).contains("\"digest\" : \"sha256:", "\"referrers\" : [ ]");
  }
}
