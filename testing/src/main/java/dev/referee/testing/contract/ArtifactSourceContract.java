package dev.referee.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.Artifacts;
import dev.referee.testing.Documents;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What everything that reads evidence relies on, whatever it is read from: an absent artifact is
/// an empty result, bytes are exactly those that were stored, a lie about them is an error.
public abstract class ArtifactSourceContract {
  private static final MediaType TEXT = MediaType.of("text/plain");
  private static final Descriptor ABSENT = Descriptor.of(TEXT, "absent".getBytes(UTF_8));

  /// Writes to the repository that [#source] reads, which is empty before each test.
  protected abstract ArtifactSink sink() throws SourceException;

  /// Reads it as it is now.
  protected abstract ArtifactSource source() throws SourceException;

  @Test
  void whatIsAbsentIsEmpty() throws SourceException {
    Artifacts.image(sink(), "present", "v1");

    assertThat(source().manifest("v2")).isEmpty();
    assertThat(source().manifest(ABSENT.digest())).isEmpty();
    assertThat(source().blob(ABSENT)).isEmpty();
    assertThat(source().referrers(ABSENT.digest()).descriptors()).isEmpty();
  }

  /// What cannot be a tag is nobody's tag, and never part of a path.
  @Test
  void whatCannotBeATagIsAbsent() throws SourceException {
    Artifacts.image(sink(), "present", "v1");

    for (var tag : new String[] {"", "../v1", "a/b", "a b", "a".repeat(200), "-v1", "v1?x"}) {
      assertThat(source().manifest(tag)).as(tag).isEmpty();
    }
  }

  @Test
  void readsAManifestByTagAndByDigest() throws SourceException {
    var image = Artifacts.image(sink(), "image", "v1");

    var byTag = source().manifest("v1").orElseThrow();
    var byDigest = source().manifest(image.digest()).orElseThrow();

    assertThat(byTag.digest()).isEqualTo(image.digest());
    assertThat(byTag.bytes()).isEqualTo(byDigest.bytes()).hasSize((int) image.size());
    assertThat(byDigest.descriptor().mediaType()).isEqualTo(image.mediaType());
  }

  /// The bytes are the truth: white space and unknown fields included.
  @Test
  void keepsTheBytesOfAManifest() throws SourceException {
    var bytes =
        "{ \"schemaVersion\": 2,\n \"mediaType\": \"%s\", \"manifests\": [], \"x\": 1.50 }\n"
            .formatted(MediaType.OCI_INDEX)
            .getBytes(UTF_8);

    var digest = sink().putManifest(bytes, MediaType.OCI_INDEX, null);

    assertThat(digest).isEqualTo(Digest.of(bytes));
    assertThat(source().manifest(digest).orElseThrow().bytes()).isEqualTo(bytes);
  }

  @Test
  void aTagMoves() throws SourceException {
    var first = Artifacts.image(sink(), "first", "v1");
    var second = Artifacts.image(sink(), "second", "v1");

    assertThat(source().manifest("v1").orElseThrow().digest()).isEqualTo(second.digest());
    assertThat(source().manifest(first.digest())).isPresent();
  }

  @Test
  void readsABlob() throws SourceException {
    var content = "content".repeat(10_000).getBytes(UTF_8);
    var blob = sink().putBlob(TEXT, content);
    // Registries keep blobs that a manifest names.
    Artifacts.image(sink(), "image", "v1");

    assertThat(source().blobBytes(blob, content.length)).contains(content);
  }

  @Test
  void storesABlobAgainWithoutAnError() throws SourceException {
    var blob = sink().putBlob(TEXT, "twice".getBytes(UTF_8));

    assertThat(sink().putBlob(TEXT, "twice".getBytes(UTF_8))).isEqualTo(blob);
    assertThat(source().blobBytes(blob, 100)).isPresent();
  }

  @Test
  void refusesABlobLargerThanTheReaderTakes() throws SourceException {
    var blob = sink().putBlob(TEXT, "content".getBytes(UTF_8));

    assertThatThrownBy(() -> source().blobBytes(blob, 6))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(SourceReason.TOO_LARGE));
  }

  /// N09: a size that is not the content's is a lie, whichever way.
  @Test
  void refusesABlobOfAnotherSize() throws SourceException {
    var blob = sink().putBlob(TEXT, "content".getBytes(UTF_8));

    for (long size : new long[] {blob.size() - 1, blob.size() + 1}) {
      assertThatThrownBy(() -> source().blobBytes(new Descriptor(TEXT, blob.digest(), size), 1_000))
          .isInstanceOfSatisfying(
              SourceException.class,
              e -> assertThat(e.reason()).isEqualTo(SourceReason.SIZE_MISMATCH));
    }
  }

  /// A manifest is no place for what is not stored under its own digest.
  @Test
  void refusesToStoreABlobUnderAnotherDigest() {
    assertThatThrownBy(
            () ->
                sink()
                    .putBlob(
                        new Descriptor(TEXT, ABSENT.digest(), 7),
                        BlobContent.of("content".getBytes(UTF_8))))
        .isInstanceOf(SourceException.class);
  }

  @Test
  void listsReferrersWithWhatTheySayTheyAre() throws SourceException {
    var image = Artifacts.image(sink(), "image", "v1");
    var sbom =
        Artifacts.attach(
            sink(),
            image,
            Documents.SPDX_TYPE,
            MediaType.of(Documents.SPDX_TYPE),
            Documents.spdx("demo"),
            Map.of("org.example.kind", "sbom"));
    var report = Artifacts.attach(sink(), sbom, Documents.SARIF_TYPE, Documents.sarif("demo"));

    var ofImage = source().referrers(image.digest());
    var ofSbom = source().referrers(sbom.digest());

    assertThat(ofImage.supported()).isTrue();
    assertThat(ofImage.descriptors()).extracting(Descriptor::digest).containsExactly(sbom.digest());
    var listed = ofImage.descriptors().getFirst();
    assertThat(listed.artifactType()).isEqualTo(Documents.SPDX_TYPE);
    assertThat(listed.annotations()).containsEntry("org.example.kind", "sbom");
    assertThat(ofSbom.descriptors())
        .extracting(Descriptor::digest)
        .containsExactly(report.digest());
    assertThat(source().referrers(report.digest()).descriptors()).isEmpty();
  }

  /// Clients push what refers to an image before the image, and the same thing twice.
  @Test
  void listsAReferrerOfWhatIsNotThereYetOnce() throws SourceException {
    var sbom = Artifacts.attach(sink(), ABSENT, Documents.SPDX_TYPE, Documents.spdx("demo"));
    Artifacts.attach(sink(), ABSENT, Documents.SPDX_TYPE, Documents.spdx("demo"));

    assertThat(source().referrers(ABSENT.digest()).descriptors())
        .extracting(Descriptor::digest)
        .containsExactly(sbom.digest());
  }
}
