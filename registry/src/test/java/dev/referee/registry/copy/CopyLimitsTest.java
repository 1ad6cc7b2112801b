package dev.referee.registry.copy;

import static dev.referee.registry.copy.CopyReason.SIZE_MISMATCH;
import static dev.referee.registry.copy.CopyReason.TARGET_FAILED;
import static dev.referee.registry.copy.CopyReason.TARGET_REFUSED;
import static dev.referee.registry.copy.CopyReason.TOO_DEEP;
import static dev.referee.registry.copy.CopyReason.TOO_LARGE;
import static dev.referee.registry.copy.CopyReason.TOO_MANY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.storage.FileObjectStore;
import dev.referee.testing.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What ends a copy, or what it leaves out for being too much.
class CopyLimitsTest extends CopyFixture {
  @Test
  void aChildOfAnotherSizeThanItsIndexSaysIsRefused() throws IOException {
    Artifacts.index(source, List.of(longer(Artifacts.image(source, "amd64", null))), "v1");

    refused(SIZE_MISMATCH, () -> copy("v1"));
  }

  @Test
  void indexesInIndexesEndSomewhere() throws IOException {
    var inner = Artifacts.image(source, "image", null);
    for (int i = 0; i <= ArtifactCopy.MAX_NESTING; i++) {
      inner = Artifacts.index(source, List.of(inner), "depth-" + (i + 1));
    }

    copy("depth-" + ArtifactCopy.MAX_NESTING);
    refused(TOO_DEEP, () -> copy("depth-" + (ArtifactCopy.MAX_NESTING + 1)));
  }

  @Test
  void referrersOfReferrersEndSomewhere() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var last = image;
    for (int i = 0; i < ArtifactCopy.MAX_LEVELS + 3; i++) {
      last = Artifacts.attach(source, last, "text/level", ("level " + i).getBytes(UTF_8));
    }

    copy("v1");

    int levels = 0;
    for (var below = referrers(image.digest()); !below.isEmpty(); levels++) {
      below = referrers(below.getFirst());
    }
    assertThat(levels).isEqualTo(ArtifactCopy.MAX_LEVELS);
    assertThat(recorded.leftOut.values()).containsExactly(TOO_DEEP);
    assertThat(tag("v1")).isEqualTo(image.digest());
  }

  @Test
  void whatTheDestinationDoesNotTakeIsSaid() throws IOException {
    content = over(SparseManifests.NONE);
    Artifacts.index(
        source,
        List.of(Descriptor.of(MediaType.OCI_MANIFEST, "not mirrored".getBytes(UTF_8))),
        "v1");

    refused(TARGET_REFUSED, () -> copy("v1"));
  }

  @Test
  void aStoreThatFailsIsSaid() throws IOException {
    Artifacts.image(source, "image", "v1");
    content = over(FileObjectStore.open(folder), SparseManifests.INDEXES);
    Files.createDirectories(folder.resolve("objects"));
    Files.writeString(folder.resolve("objects/m"), "a file where a folder should be");

    refused(TARGET_FAILED, () -> copy("v1"));
  }

  /// What strangers attach to an image does not fill a mirror.
  @Test
  void bringsNoMoreThanItsLimits() throws IOException {
    var image = Artifacts.image(source, "image", "v1");
    var one = Artifacts.attach(source, image, "text/one", "one".getBytes(UTF_8));
    var large = Artifacts.attach(source, image, "text/large", "eleven bytes".getBytes(UTF_8));
    var two = Artifacts.attach(source, image, "text/two", "two".getBytes(UTF_8));
    var third = Artifacts.attach(source, image, "text/three", "three".getBytes(UTF_8));

    new ArtifactCopy(CopySource.of(source), target(), recorded, new CopyLimits(2, 10))
        .copyReferrers(image.digest());

    assertThat(referrers(image.digest())).containsExactly(two.digest(), one.digest());
    assertThat(recorded.leftOut)
        .containsOnly(Map.entry(large.digest(), TOO_LARGE), Map.entry(third.digest(), TOO_MANY));
    assertThatThrownBy(() -> new CopyLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CopyLimits(1, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
