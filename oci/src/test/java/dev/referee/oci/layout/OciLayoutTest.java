package dev.referee.oci.layout;

import static dev.referee.oci.SourceReason.DIGEST_MISMATCH;
import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciLayoutTest {
  private static final MediaType TEXT = MediaType.of("text/plain");

  @TempDir Path directory;

  @Test
  void readsWhatWasWritten() throws IOException {
    var writer = OciLayoutWriter.open(directory);
    var layer = writer.putBlob(TEXT, "layer".getBytes(UTF_8));
    var image = putManifest(writer, layer, null, "v1");

    var layout = OciLayout.open(directory);

    assertThat(layout.manifest("v1").orElseThrow().digest()).isEqualTo(image);
    assertThat(layout.manifest(image)).isPresent();
    assertThat(layout.blobBytes(layer, 100)).hasValue("layer".getBytes(UTF_8));
    assertThat(layout.images()).extracting(Descriptor::digest).containsExactly(image);
  }

  @Test
  void findsReferrersOfReferrers() throws IOException {
    var writer = OciLayoutWriter.open(directory);
    var image = putManifest(writer, writer.putBlob(TEXT, "image".getBytes(UTF_8)), null, "v1");
    var sbom = putManifest(writer, writer.putBlob(TEXT, "sbom".getBytes(UTF_8)), image, null);
    var signature =
        putManifest(writer, writer.putBlob(TEXT, "signature".getBytes(UTF_8)), sbom, null);

    var layout = OciLayout.open(directory);

    assertThat(layout.referrers(image).descriptors())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.digest()).isEqualTo(sbom);
              assertThat(found.artifactType()).isEqualTo("text/example");
            });
    assertThat(layout.referrers(sbom).descriptors())
        .extracting(Descriptor::digest)
        .containsExactly(signature);
    assertThat(layout.referrers(signature).supported()).isTrue();
    assertThat(layout.referrers(signature).descriptors()).isEmpty();
    assertThat(layout.images()).extracting(Descriptor::digest).containsExactly(image);
  }

  @Test
  void movesANameToTheNewerManifest() throws IOException {
    var writer = OciLayoutWriter.open(directory);
    putManifest(writer, writer.putBlob(TEXT, "old".getBytes(UTF_8)), null, "v1");
    var renewed = putManifest(writer, writer.putBlob(TEXT, "new".getBytes(UTF_8)), null, "v1");

    assertThat(OciLayout.open(directory).manifest("v1").orElseThrow().digest()).isEqualTo(renewed);
  }

  @Test
  void hasNothingForAnUnknownNameOrDigest() throws IOException {
    OciLayoutWriter.open(directory);
    var layout = OciLayout.open(directory);
    var unknown = Descriptor.of(TEXT, "unknown".getBytes(UTF_8));

    assertThat(layout.manifest("unknown")).isEmpty();
    assertThat(layout.manifest(unknown.digest())).isEmpty();
    assertThat(layout.blob(unknown)).isEmpty();
  }

  @Test
  void refusesABlobThatWasChangedOnDisk() throws IOException {
    var writer = OciLayoutWriter.open(directory);
    var blob = writer.putBlob(TEXT, "content".getBytes(UTF_8));
    var image = putManifest(writer, blob, null, "v1");
    overwrite(blob.digest(), "Content");
    overwrite(image, "{}");

    var layout = OciLayout.open(directory);

    assertReason(() -> layout.blobBytes(blob, 100), DIGEST_MISMATCH);
    assertReason(() -> layout.manifest("v1"), DIGEST_MISMATCH);
  }

  @Test
  void refusesABlobThatIsLargerThanAsked() throws IOException {
    var blob = OciLayoutWriter.open(directory).putBlob(TEXT, "content".getBytes(UTF_8));

    assertReason(() -> OciLayout.open(directory).blobBytes(blob, 3), SourceReason.TOO_LARGE);
  }

  @Test
  void refusesAFolderThatIsNoLayout() {
    assertThatThrownBy(() -> OciLayout.open(directory))
        .isInstanceOf(SourceException.class)
        .hasMessageEndingWith("is not an OCI layout: it has no file oci-layout");
  }

  @Test
  void refusesAnotherVersion() throws IOException {
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");

    assertReason(() -> OciLayout.open(directory), MALFORMED_RESPONSE);
  }

  @Test
  void refusesAMalformedIndex() throws IOException {
    OciLayoutWriter.open(directory);
    Files.writeString(directory.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[{}]}");

    assertReason(() -> OciLayout.open(directory), MALFORMED_RESPONSE);
  }

  private void overwrite(Digest digest, String content) throws IOException {
    Files.writeString(directory.resolve("blobs/sha256").resolve(digest.hex()), content);
  }

  private static void assertReason(ThrowingCallable call, SourceReason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Digest putManifest(
      OciLayoutWriter writer, Descriptor layer, @Nullable Digest subject, @Nullable String tag)
      throws SourceException {
    writer.putBlob(MediaType.OCI_EMPTY, "{}".getBytes(UTF_8));
    var subjectField =
        subject == null
            ? ""
            : ",\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1}"
                .formatted(MediaType.OCI_MANIFEST, subject);
    var manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","artifactType":"text/example",
         "config":{"mediaType":"%s","digest":"%s","size":2},
         "layers":[{"mediaType":"%s","digest":"%s","size":%d}]%s}
        """
            .formatted(
                MediaType.OCI_MANIFEST,
                MediaType.OCI_EMPTY,
                Descriptor.EMPTY_JSON.digest(),
                layer.mediaType(),
                layer.digest(),
                layer.size(),
                subjectField);
    return writer.putManifest(manifest.getBytes(UTF_8), MediaType.OCI_MANIFEST, tag);
  }
}
