package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Manifest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.FailingStore;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process may die between any two writes. Whatever it was doing, what is visible afterwards is
/// whole, what was there before is still there, and doing it again succeeds.
class CrashTest {
  private static final TestManifest SUBJECT = TestManifest.artifact("application/subject");
  private static final TestManifest OLD = TestManifest.artifact("application/old");

  enum Work {
    PUSH_BLOB {
      @Override
      void run(ContentFixture fixture) throws IOException {
        fixture.pushBlob("a new blob");
      }
    },
    MOUNT_BLOB {
      @Override
      void run(ContentFixture fixture) throws IOException {
        var blob = Digest.of("elsewhere".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        fixture.content().blobs().mount(REPOSITORY, blob, null, _ -> true);
      }
    },
    PUSH_IMAGE {
      @Override
      void run(ContentFixture fixture) throws IOException {
        var config = fixture.pushBlob("config");
        var layer = fixture.pushBlob("layer");
        fixture.push(TestManifest.image(config, layer, layer), "latest", "v2");
      }
    },
    PUSH_REFERRER {
      @Override
      void run(ContentFixture fixture) throws IOException {
        fixture.push(referrer(fixture), "sig");
      }
    },
    PUSH_INDEX {
      @Override
      void run(ContentFixture fixture) throws IOException {
        var child = fixture.push(TestManifest.artifact("application/child"));
        fixture.push(
            TestManifest.index(child, OLD.descriptor()).subject(SUBJECT.descriptor()), "latest");
      }
    },
    PUSH_LARGE {
      @Override
      void run(ContentFixture fixture) throws IOException {
        fixture.push(
            TestManifest.artifact("application/large")
                .annotations(Map.of("pad", "x".repeat(ManifestPush.MAX_INLINE_BYTES)))
                .subject(SUBJECT.descriptor()),
            "latest");
      }
    },
    PUSH_AGAIN_WHAT_LOST_ITS_LINKS {
      @Override
      void prepare(ContentFixture fixture) throws IOException {
        var manifest = referrer(fixture);
        fixture.push(manifest, "sig");
        fixture.content().blobs().delete(REPOSITORY, fixture.pushBlob("signature").digest());
        fixture.pushBlob("signature");
      }

      @Override
      void run(ContentFixture fixture) throws IOException {
        fixture.push(referrer(fixture), "sig");
      }
    },
    DELETE_MANIFEST {
      @Override
      void run(ContentFixture fixture) throws IOException {
        var manifest = referrer(fixture);
        fixture.push(manifest, "one", "two");
        fixture.content().manifests().delete(REPOSITORY, manifest.digest());
      }
    },
    DELETE_TAG {
      @Override
      void run(ContentFixture fixture) throws IOException {
        fixture.push(referrer(fixture), "one");
        fixture.content().tags().delete(REPOSITORY, "one");
      }
    };

    void prepare(ContentFixture fixture) throws IOException {}

    abstract void run(ContentFixture fixture) throws IOException;

    static TestManifest referrer(ContentFixture fixture) throws IOException {
      var blob = fixture.pushBlob("signature");
      return TestManifest.image(blob).subject(SUBJECT.descriptor());
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingHalfDone(Work work) throws Exception {
    int writes = 0;
    boolean died = true;
    while (died) {
      var store = new MemoryObjectStore();
      var before = new ContentFixture(store);
      before.push(SUBJECT, "subject");
      before.push(OLD, "latest");
      before.pushBlob(new RepositoryName("other"), "elsewhere");

      work.prepare(before);

      died = diesAfter(writes, store, work);

      var after = new ContentFixture(store);
      assertWhole(after);
      assertThat(after.has(SUBJECT.digest())).isTrue();
      assertThat(after.has(OLD.digest())).isTrue();
      work.run(after);
      assertWhole(after);
      writes++;
    }
    // The work writes something at all.
    assertThat(writes).isGreaterThan(1);
  }

  private static boolean diesAfter(int writes, MemoryObjectStore store, Work work)
      throws IOException {
    try {
      work.run(new ContentFixture(new FailingStore(store, writes, StorageReason.UNAVAILABLE)));
      return false;
    } catch (StorageException e) {
      return true;
    }
  }

  private static void assertWhole(ContentFixture fixture) throws IOException {
    var content = fixture.content();
    for (var tag : content.tags().list(REPOSITORY, null, 100)) {
      var manifest = content.manifests().byTag(REPOSITORY, tag);
      assertThat(manifest).as(tag).isPresent();
      assertPullable(content, manifest.orElseThrow().bytes());
    }
    var referrers = fixture.referrers(SUBJECT.digest());
    assertThat(referrers).doesNotHaveDuplicates();
    for (var referrer : referrers) {
      var manifest = content.manifests().byDigest(REPOSITORY, referrer);
      assertThat(manifest).as("referrer %s", referrer).isPresent();
      assertPullable(content, manifest.orElseThrow().bytes());
    }
    var latest = content.manifests().byTag(REPOSITORY, "latest");
    assertThat(latest).as("the tag that was there").isPresent();
  }

  private static void assertPullable(RegistryContent content, byte[] bytes) throws IOException {
    var manifest = Manifest.parse(bytes, null);
    if (manifest instanceof ImageManifest image) {
      assertHas(content, image.config());
      for (var layer : image.layers()) {
        assertHas(content, layer);
      }
    }
    var subject = manifest.subject();
    if (subject != null) {
      // What refers is listed, or it is not there at all.
      assertThat(
              ContentFixture.digests(
                  content.referrers().page(REPOSITORY, subject.digest(), java.util.Set.of(), null)))
          .contains(Digest.of(bytes));
    }
  }

  private static void assertHas(RegistryContent content, Descriptor blob) throws IOException {
    var stored = content.blobs().open(REPOSITORY, blob.digest());
    assertThat(stored).as("blob %s", blob.digest()).isPresent();
    try (var stream = stored.orElseThrow().stream(0)) {
      assertThat(Digest.of(stream.readAllBytes())).isEqualTo(blob.digest());
    }
  }
}
