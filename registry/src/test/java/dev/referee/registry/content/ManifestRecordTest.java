package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestRecordTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1});

  @Test
  void isReadAsItWasWritten() throws Exception {
    var full =
        new ManifestRecord(
            MediaType.OCI_MANIFEST,
            7,
            "application/\u00e9\n",
            DIGEST,
            "push",
            Instant.parse("2026-11-24T00:00:00.123456Z"),
            List.of(DIGEST),
            List.of(DIGEST, DIGEST),
            List.of(DIGEST));
    var bare =
        new ManifestRecord(
            MediaType.OCI_INDEX,
            0,
            null,
            null,
            "p",
            Instant.EPOCH,
            List.of(),
            List.of(),
            List.of());
    for (var record : List.of(full, bare)) {
      for (var content : new String[] {"", "{}\n\n{}", "\u0000"}) {
        var decoded = ManifestRecord.decode("key", record.encode(content.getBytes(UTF_8)));

        assertThat(decoded.record()).isEqualTo(record);
        assertThat(decoded.inlined()).isEqualTo(content.getBytes(UTF_8));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "{}\n", "not json", "{\"mediaType\":\"x/y\",\"size\":1}"})
  void saysWhenARecordIsBroken(String object) {
    assertCorrupt(() -> ManifestRecord.decode("key", object.getBytes(UTF_8)));
  }

  /// Bytes that do not hash to their name are never served, whatever happened to the disk.
  @Test
  void servesNoManifestWithOtherBytes() throws Exception {
    var memory = new MemoryObjectStore();
    var fixture = new ContentFixture(memory);
    var manifest = TestManifest.artifact("application/x");
    fixture.push(manifest, "v1");
    var key = Keys.manifest(REPOSITORY, manifest.digest());
    var object = memory.get(key).orElseThrow();
    object[object.length - 3] ^= 1;
    memory.put(key, object);

    assertCorrupt(() -> fixture.content().manifests().byTag(REPOSITORY, "v1"));
  }

  @Test
  void servesNoLargeManifestWithOtherBytes() throws Exception {
    var memory = new MemoryObjectStore();
    var fixture = new ContentFixture(memory);
    var manifest =
        TestManifest.artifact("application/x")
            .annotations(java.util.Map.of("pad", "x".repeat(100_000)));
    fixture.push(manifest, "v1");
    var generation = memory.list(Keys.generations(manifest.digest()), null, 1).getFirst();
    memory.put(generation, new byte[10]);
    assertCorrupt(() -> fixture.content().manifests().byTag(REPOSITORY, "v1"));

    memory.delete(generation);
    assertCorrupt(() -> fixture.content().manifests().byTag(REPOSITORY, "v1"));
  }

  @Test
  void saysWhenATagIsBroken() throws Exception {
    var memory = new MemoryObjectStore();
    memory.put(Keys.tag(REPOSITORY, "v1"), "{\"digest\":\"x\"}".getBytes(UTF_8));

    assertCorrupt(() -> new ContentFixture(memory).content().manifests().byTag(REPOSITORY, "v1"));
  }

  private static void assertCorrupt(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.CORRUPT));
  }
}
