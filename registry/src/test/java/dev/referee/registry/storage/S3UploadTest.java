package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.access.MovingClock;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.content.UploadLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What only uploads to a bucket can lose: who has one open learns late that somebody took it over.
class S3UploadTest {
  private static final Duration TAKEN_OVER_AFTER = Duration.ofMinutes(16);

  private static final MemoryBudget TWO_SEGMENTS = SegmentBuffers.of(0, Duration.ofMillis(50));

  private final LocalS3 service = new LocalS3();
  private final MovingClock clock = new MovingClock();
  private final byte[] content = content();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void deletesNothingOfWhatAnotherHasTakenOverAndCommitted() throws Exception {
    var one = service.open(clock);
    var two = service.open(clock);
    one.beginUpload("u1", bytes("state")).close();
    var slow = one.resumeUpload("u1").orElseThrow();
    slow.append(stream(bytes("half a piece")));
    clock.advance(TAKEN_OVER_AFTER);
    try (var upload = two.resumeUpload("u1").orElseThrow()) {
      upload.append(stream(content));
      upload.commit("blobs/x");
    }

    assertBusy(slow::abort);
    slow.close();

    assertStored(two, "blobs/x");
  }

  @Test
  void deletesNothingOfWhatAnotherHasTakenOverAndGoesOnWith() throws Exception {
    var one = service.open(clock);
    var two = service.open(clock);
    one.beginUpload("u1", bytes("state")).close();
    try (var upload = one.resumeUpload("u1").orElseThrow()) {
      upload.append(stream(Arrays.copyOf(content, 5)));
    }
    var slow = one.resumeUpload("u1").orElseThrow();
    clock.advance(TAKEN_OVER_AFTER);
    var taker = two.resumeUpload("u1").orElseThrow();
    taker.append(stream(Arrays.copyOfRange(content, 5, content.length)));

    // What it has is small and needs no segments, which is when it would remove them all.
    assertBusy(() -> slow.commit("blobs/five"));
    slow.close();

    taker.commit("blobs/x");
    assertStored(two, "blobs/x");
    assertThat(two.exists("blobs/five")).isFalse();
  }

  /// A commit that slept between its last look and its list of segments, which others removed.
  @Test
  void takesBackACommitThatTookTooLong() throws Exception {
    var one = service.open(clock);
    var two = service.open(clock);
    one.beginUpload("u1", bytes("state")).close();
    var slow = one.resumeUpload("u1").orElseThrow();
    slow.append(stream(content));
    service.refuse(
        (method, key) -> {
          if (method.equals("PUT") && key.equals("o/blobs/x")) {
            service.refuse((_, _) -> false);
            clock.advance(TAKEN_OVER_AFTER);
            abort(two);
          }
          return false;
        });

    assertBusy(() -> slow.commit("blobs/x"));
    slow.close();

    assertThat(two.exists("blobs/x")).isFalse();
  }

  /// More than one segment had arrived when it broke off.
  @Test
  void leavesNoSegmentOfAOneRequestUploadThatFails() throws Exception {
    var store = service.open(clock);
    try (var upload = store.beginUpload("u1", bytes("state"))) {
      upload.append(stream(content));
      upload.truncate(0);
      upload.abort();
    }

    assertThat(service.keys()).isEmpty();
  }

  /// What was cut back was more than a segment, what is committed is less.
  @Test
  void leavesNoSegmentOfWhatWasCutBack() throws Exception {
    var store = service.open(clock);
    try (var upload = store.beginUpload("u1", bytes("state"))) {
      upload.append(stream(content));
      upload.truncate(0);
      upload.append(stream(bytes("small")));
      upload.commit("blobs/x");
    }

    assertThat(service.keys()).containsExactly("o/blobs/x");
  }

  @Test
  void sweepsWhatAProcessLeftThatDiedInTheMiddle() throws Exception {
    var store = service.open(clock);
    store.beginUpload("u1", bytes("state")).append(stream(content));
    assertThat(service.keys()).anyMatch(key -> key.startsWith("d/u1/"));

    sweep();
    assertThat(service.keys()).anyMatch(key -> key.startsWith("d/u1/"));
    clock.advance(Duration.ofHours(25));
    sweep();

    assertThat(service.keys()).isEmpty();
  }

  @Test
  void sweepsWhatADeletionLeftThatDiedInTheMiddle() throws Exception {
    var store = service.open(clock);
    for (var id : List.of("u1", "u2")) {
      try (var upload = store.beginUpload(id, bytes("state"))) {
        upload.append(stream(content));
        upload.commit("blobs/" + id);
      }
    }
    service.refuse((method, key) -> method.equals("DELETE") && key.startsWith("d/"));
    assertThatThrownBy(() -> store.delete("blobs/u1")).isInstanceOf(StorageException.class);
    service.refuse((method, key) -> method.equals("DELETE"));
    // This one did not even come to delete the object: it stays.
    assertThatThrownBy(() -> store.delete("blobs/u2")).isInstanceOf(StorageException.class);
    service.refuse((_, _) -> false);
    assertThat(service.keys()).anyMatch(key -> key.startsWith("d/u1/"));
    assertThat(store.resumeUpload("u1")).isEmpty();

    clock.advance(Duration.ofHours(25));
    sweep();

    assertThat(service.keys()).noneMatch(key -> key.startsWith("d/u1/") || key.startsWith("u/"));
    assertStored(store, "blobs/u2");
    store.delete("blobs/u2");
    assertThat(service.keys()).isEmpty();
  }

  /// A commit whose answer got lost may have worked.
  @Test
  void keepsTheSegmentsOfACommitOfUnknownOutcome() throws Exception {
    var store = service.open(clock);
    service.refuse((method, key) -> method.equals("PUT") && key.equals("o/blobs/x"));
    try (var upload = store.beginUpload("u1", bytes("state"))) {
      upload.append(stream(content));
      assertThatThrownBy(() -> upload.commit("blobs/x")).isInstanceOf(StorageException.class);
      upload.abort();
    }
    service.refuse((_, _) -> false);

    assertThat(service.keys()).anyMatch(key -> key.startsWith("d/u1/"));
    clock.advance(Duration.ofHours(25));
    sweep();
    assertThat(service.keys()).isEmpty();
  }

  /// Whoever only asks, or waits for its client, keeps nobody from writing.
  @Test
  void holdsMemoryForWhatHasArrivedOnly() throws Exception {
    var store = service.open(clock, TWO_SEGMENTS);
    var open = new ArrayList<ContentUpload>();
    for (int i = 0; i < 20; i++) {
      var upload = store.beginUpload("u" + i, bytes("state"));
      upload.append(stream(new byte[SegmentBuffers.SEGMENT_BYTES]));
      upload.close();
      upload = store.resumeUpload("u" + i).orElseThrow();
      assertThat(upload.size()).isEqualTo(SegmentBuffers.SEGMENT_BYTES);
      open.add(upload);
    }
    for (var upload : open) {
      upload.append(stream(bytes("and more")));
    }
    try (var upload = store.beginUpload("one-more", bytes("state"))) {
      upload.append(stream(content));
      upload.commit("blobs/x");
    }

    assertStored(store, "blobs/x");
    for (var upload : open) {
      upload.abort();
    }
  }

  @Test
  void saysThatItIsOverloaded() throws Exception {
    var store = service.open(clock, TWO_SEGMENTS);
    var halves = new byte[SegmentBuffers.SEGMENT_BYTES - 1];
    try (var one = store.beginUpload("u1", bytes("state"));
        var two = store.beginUpload("u2", bytes("state"));
        var three = store.beginUpload("u3", bytes("state"))) {
      one.append(stream(halves));
      two.append(stream(halves));

      assertThatThrownBy(() -> three.append(stream(halves)))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(StorageReason.OVERLOADED));
      three.truncate(0);
      one.commit("blobs/x");
      three.append(stream(bytes("now")));
      three.commit("blobs/y");
      assertThat(store.get("blobs/y")).hasValue(bytes("now"));
    }
  }

  private void sweep() throws Exception {
    RegistryContent.over(service.open(clock), clock, UploadLimits.DEFAULT, SparseManifests.INDEXES)
        .uploads()
        .giveUpIdle();
  }

  private static void abort(S3ObjectStore store) {
    try (var upload = store.resumeUpload("u1").orElseThrow()) {
      upload.abort();
    } catch (StorageException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertStored(ObjectStore store, String key) throws Exception {
    try (var stored = store.open(key).orElseThrow().stream(0)) {
      assertThat(Arrays.equals(stored.readAllBytes(), content)).isTrue();
    }
  }

  private static void assertBusy(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.BUSY));
  }

  private static byte[] content() {
    var content = new byte[(9 << 20) + 7];
    new Random(1).nextBytes(content);
    return content;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static InputStream stream(byte[] content) {
    return new ByteArrayInputStream(content);
  }
}
