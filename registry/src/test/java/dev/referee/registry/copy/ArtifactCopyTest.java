package dev.referee.registry.copy;

import static dev.referee.registry.copy.CopyReason.BLOB_MISSING;
import static dev.referee.registry.copy.CopyReason.CONTENT_MALFORMED;
import static dev.referee.registry.copy.CopyReason.DIGEST_MISMATCH;
import static dev.referee.registry.copy.CopyReason.MANIFEST_MISSING;
import static dev.referee.registry.copy.CopyReason.NOT_FOUND;
import static dev.referee.registry.copy.CopyReason.SIZE_MISMATCH;
import static dev.referee.registry.copy.CopyReason.SOURCE_FAILED;
import static dev.referee.registry.copy.CopyReason.SUBJECT_MISMATCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceReason;
import dev.referee.registry.TestManifest;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.MemoryRepository;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArtifactCopyTest extends CopyFixture {
  @Test
  void bringsWhatRefersToAnImageHoweverThatIsSaid() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var sbom = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    var signature = signer.sign(source, sbom);
    var legacy = CosignSigner.signTag(source, image.digest(), "image", signer);

    copy("v1");

    assertThat(tag("v1")).isEqualTo(image.digest());
    assertThat(bytes(image.digest())).isEqualTo(source.manifest("v1").orElseThrow().bytes());
    assertThat(referrers(image.digest())).containsExactly(sbom.digest());
    assertThat(referrers(sbom.digest())).containsExactly(signature.digest());
    assertThat(tag(image.digest().tagForm() + ".sig")).isEqualTo(legacy.digest());
    assertThat(recorded.leftOut).isEmpty();
    // The image's own tag is the last thing that happens.
    assertThat(recorded.tags).containsExactly(image.digest().tagForm() + ".sig", "v1");
  }

  /// cosign 3.1 writes wrong types into the lists that it keeps.
  @Test
  void whatAFallbackTagListsBecomesAReferrerWithItsOwnType() throws IOException {
    source.withoutReferrersApi();
    var image = Artifacts.image(source, "image", "v1");
    var sbom =
        Artifacts.attach(
            source,
            image,
            Documents.SPDX_TYPE,
            MediaType.of(Documents.SPDX_TYPE),
            Documents.spdx("demo"),
            Map.of("made.by", "ci"));
    source.fallbackTag(image.digest(), claimed(sbom, WRONG_TYPE));

    copy("v1");

    var listed = referrersPage(image.digest()).at("/manifests/0");
    assertThat(listed.path("digest").asText()).isEqualTo(sbom.digest().toString());
    assertThat(listed.path("artifactType").asText()).isEqualTo(Documents.SPDX_TYPE);
    assertThat(listed.at("/annotations/made.by").asText()).isEqualTo("ci");
    assertThat(content.tags().resolve(REPOSITORY, image.digest().tagForm())).isEmpty();
  }

  @Test
  void aFallbackTagAmongTheTagsBringsWhatItIsAbout() throws IOException {
    source.withoutReferrersApi();
    var image = Artifacts.image(source, "untagged image", null);
    var sbom = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    var stranger = Artifacts.attach(source, sbom, Documents.SPDX_TYPE, Documents.spdx("other"));
    source.fallbackTag(image.digest(), sbom, stranger);

    copy(image.digest().tagForm());

    assertThat(has(image.digest())).isTrue();
    assertThat(referrers(image.digest())).containsExactly(sbom.digest());
    assertThat(recorded.leftOut).containsExactly(Map.entry(stranger.digest(), SUBJECT_MISMATCH));
    assertThat(content.tags().list(REPOSITORY, null, 10)).isEmpty();
  }

  @Test
  void evidenceOfAnImageThatIsNotAtTheSourceComesAlone() throws IOException {
    source.withoutReferrersApi();
    var elsewhere = Descriptor.of(MediaType.OCI_MANIFEST, "elsewhere".getBytes(UTF_8));
    var sbom = Artifacts.attach(source, elsewhere, Documents.SPDX_TYPE, Documents.spdx("demo"));
    source.fallbackTag(elsewhere.digest(), sbom);

    copy(elsewhere.digest().tagForm());
    new ArtifactCopy(CopySource.of(source), target(), recorded).copyReferrers(elsewhere.digest());

    assertThat(referrers(elsewhere.digest())).containsExactly(sbom.digest());
    assertThat(has(elsewhere.digest())).isFalse();
  }

  @Test
  void aFallbackTagThatIsNoIndexListsNothing() throws IOException {
    source.withoutReferrersApi();
    var image = Artifacts.image(source, "image", "v1");
    source.tag(image.digest().tagForm(), Artifacts.image(source, "junk", null).digest());

    copy("v1");

    assertThat(tag("v1")).isEqualTo(image.digest());
    assertThat(referrers(image.digest())).isEmpty();
  }

  /// Whoever can push junk beside good evidence keeps none of it from coming.
  @Test
  void leavesOutWhatIsBrokenAndBringsTheRest() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var lying = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("lying"));
    source.corrupt(layerOf(lying), "something else of another length".getBytes(UTF_8));
    var missing = push(artifact(image, Descriptor.of(MediaType.OCI_EMPTY, "no".getBytes(UTF_8))));
    var short_ = push(artifact(image, longer(blob("short"))));
    var gone = Descriptor.of(MediaType.OCI_MANIFEST, "never pushed".getBytes(UTF_8));
    var stranger = Artifacts.image(source, "an image and no referrer", null);
    source.list(image.digest(), gone);
    source.list(image.digest(), stranger);
    var malformed = Descriptor.of(MediaType.OCI_MANIFEST, "{".getBytes(UTF_8));
    source.putBlob(MediaType.OCI_MANIFEST, "{".getBytes(UTF_8));
    source.list(image.digest(), malformed);
    var good = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("good"));

    copy("v1");

    assertThat(recorded.leftOut)
        .containsOnly(
            Map.entry(lying.digest(), SIZE_MISMATCH),
            Map.entry(missing.digest(), BLOB_MISSING),
            Map.entry(short_.digest(), SIZE_MISMATCH),
            Map.entry(gone.digest(), MANIFEST_MISSING),
            Map.entry(stranger.digest(), SUBJECT_MISMATCH),
            Map.entry(malformed.digest(), CONTENT_MALFORMED));
    assertThat(referrers(image.digest())).containsExactly(good.digest());
    assertThat(tag("v1")).isEqualTo(image.digest());
  }

  @Test
  void listsThatLeadInCirclesEnd() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var sbom = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    source.list(image.digest(), image);
    source.list(sbom.digest(), image);
    source.list(sbom.digest(), sbom);

    copy("v1");

    assertThat(recorded.leftOut.values()).containsOnly(SUBJECT_MISMATCH);
    assertThat(referrers(image.digest())).containsExactly(sbom.digest());
    assertThat(tag("v1")).isEqualTo(image.digest());
  }

  @Test
  void goesOnWhereItWasInterrupted() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var sbom = Artifacts.attach(source, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    source.fail(layerOf(sbom).toString(), SourceReason.UNREACHABLE);

    refused(SOURCE_FAILED, () -> copy("v1"));

    assertThat(has(image.digest())).isTrue();
    assertThat(content.tags().resolve(REPOSITORY, "v1")).isEmpty();
    assertThat(referrers(image.digest())).isEmpty();

    source.heal();
    recorded.blobs.clear();
    copy("v1");

    assertThat(recorded.blobs).containsExactly(layerOf(sbom));
    assertThat(referrers(image.digest())).containsExactly(sbom.digest());
    assertThat(tag("v1")).isEqualTo(image.digest());
  }

  @Test
  void whatMayPassEndsACopyBeforeItsTag() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    for (var asked : List.of("referrers " + image.digest(), image.digest().tagForm() + ".att")) {
      source.fail(asked, SourceReason.RATE_LIMITED);

      refused(SOURCE_FAILED, () -> copy("v1"));

      source.heal();
      assertThat(content.tags().resolve(REPOSITORY, "v1")).isEmpty();
    }
  }

  @Test
  void anImageIsNotThereWithoutItsBlobs() throws IOException {
    var missing = Descriptor.of(MediaType.OCI_EMPTY, "never pushed".getBytes(UTF_8));
    source.putManifest(
        TestManifest.image(blob("config"), missing).bytes(), MediaType.OCI_MANIFEST, "missing");
    var layer = blob("layer");
    source.putManifest(
        TestManifest.image(blob("config"), layer).bytes(), MediaType.OCI_MANIFEST, "wrong");
    source.corrupt(layer.digest(), "LAYER".getBytes(UTF_8));

    refused(BLOB_MISSING, () -> copy("missing"));
    refused(DIGEST_MISMATCH, () -> copy("wrong"));
    refused(NOT_FOUND, () -> copy("v7"));

    assertThat(content.tags().list(REPOSITORY, null, 10)).isEmpty();
  }

  @Test
  void layersThatMayNotBeDistributedMayBeElsewhere() throws IOException {
    var foreign =
        new Descriptor(
            MediaType.of("application/vnd.oci.image.layer.nondistributable.v1.tar"),
            Digest.of("elsewhere".getBytes(UTF_8)),
            9);
    var image = TestManifest.image(blob("config"), foreign);
    source.putManifest(image.bytes(), image.mediaType(), "v1");

    copy("v1");

    assertThat(tag("v1")).isEqualTo(image.digest());
    assertThat(recorded.absent).containsExactly(foreign.digest());
  }

  @Test
  void anIndexStaysAsSparseAsItIsAndByteForByte() throws IOException {
    var amd64 = Artifacts.image(source, "amd64", null);
    var signature = signer.sign(source, amd64);
    var arm64 = Descriptor.of(MediaType.OCI_MANIFEST, "not mirrored".getBytes(UTF_8));
    var notes = blob("notes");
    var index = Artifacts.index(source, List.of(amd64, arm64, notes), "v1");

    copy("v1");

    assertThat(bytes(index.digest())).isEqualTo(source.manifest("v1").orElseThrow().bytes());
    assertThat(has(amd64.digest())).isTrue();
    assertThat(referrers(amd64.digest())).containsExactly(signature.digest());
    assertThat(content.blobs().open(REPOSITORY, notes.digest())).isPresent();
    assertThat(recorded.absent).containsExactly(arm64.digest());
  }

  /// Whoever adds a platform later adds no new index at the destination.
  @Test
  void bringsChildrenThatAnIndexGotLater() throws IOException {
    var later = Artifacts.image(new MemoryRepository(), "later", null);
    Artifacts.index(source, List.of(later), "v1");
    copy("v1");
    assertThat(has(later.digest())).isFalse();

    Artifacts.image(source, "later", null);
    copy("v1");

    assertThat(has(later.digest())).isTrue();
  }

  @Test
  void saysHowFarALayerIs() throws IOException {
    var layer = Artifacts.image(source, "a layer", "v1");

    copy("v1");

    assertThat(recorded.read).containsEntry(layerOf(layer), 7L);
  }

  @Test
  void aRootIsATagOrADigestAndItsTagIsOne() {
    assertThatThrownBy(() -> new CopyRoot(null, null, "v1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CopyRoot("v1", Digest.of(new byte[0]), "v1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CopyRoot("v1", null, "no tag"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
