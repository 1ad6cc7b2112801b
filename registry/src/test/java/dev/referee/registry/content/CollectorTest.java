package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.access.MovingClock;
import dev.referee.registry.storage.FailingStore;
import dev.referee.registry.storage.HookedStore;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CollectorTest {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration KEEP = Duration.ofDays(7);

  private final MovingClock clock = new MovingClock();
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final ContentFixture fixture = new ContentFixture(memory, clock, UploadLimits.DEFAULT);

  @Test
  void keepsWhatTagsIndexesAndSubjectsHold() throws Exception {
    var image = pushImage("image");
    var child = pushImage("child");
    var index = fixture.push(TestManifest.index(child), "latest");
    fixture.push(image(image, "image"), "v1");
    var signature = fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(image));
    var countersignature =
        fixture.push(TestManifest.image(fixture.pushBlob("sig2")).subject(signature));
    var ofChild = fixture.push(TestManifest.image(fixture.pushBlob("sig3")).subject(child));
    clock.advance(KEEP.plusDays(30));

    var report = collect();

    assertThat(report.manifests()).isZero();
    assertThat(report.blobs()).isZero();
    for (var kept : List.of(image, child, index, signature, countersignature, ofChild)) {
      assertThat(fixture.has(kept.digest())).isTrue();
    }
    assertThat(fixture.referrers(image.digest())).containsExactly(signature.digest());
    // The links of the uploads themselves are what went.
    assertThat(report.links()).isEqualTo(6);
    assertPullable("image", "child", "sig", "sig2", "sig3");
  }

  @Test
  void removesWhatNothingHolds() throws Exception {
    var image = fixture.push(image(pushImage("image"), "image"), "v1");
    var signature = fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(image));
    var orphan =
        fixture.push(
            TestManifest.image(fixture.pushBlob("orphan sig"))
                .subject(TestManifest.artifact("application/never").descriptor()));
    clock.advance(KEEP.plusSeconds(1));
    fixture.content().tags().delete(REPOSITORY, "v1");
    var young = pushImage("young");

    var report = collect();

    assertThat(report.manifests()).isEqualTo(3);
    for (var gone : List.of(image, signature, orphan)) {
      assertThat(fixture.has(gone.digest())).isFalse();
    }
    assertThat(fixture.has(young.digest())).isTrue();
    assertThat(fixture.referrers(image.digest())).isEmpty();
    assertPullable("young");
    assertThat(memory.keys())
        .filteredOn(key -> key.startsWith("blobs/") || key.startsWith("l/"))
        // One blob, its upload's link and its manifest's.
        .hasSize(3);
    assertThat(memory.keys())
        .noneMatch(key -> key.startsWith("gc") || key.startsWith("h/") || key.startsWith("s/"));
  }

  @Test
  void waitsForTheGraceOfContent() throws Exception {
    fixture.pushBlob("uploaded and never used");
    clock.advance(GRACE.minusSeconds(1));
    assertThat(collect().blobs()).isZero();
    clock.advance(Duration.ofSeconds(2));
    var report = collect();

    assertThat(report.blobs()).isEqualTo(1);
    assertThat(report.bytes()).isEqualTo("uploaded and never used".length());
    assertThat(memory.keys()).filteredOn(key -> key.startsWith("blobs/")).isEmpty();
  }

  /// A layer may come after the image that names it, and long after nothing else says that it is
  /// needed.
  @Test
  void keepsWhatASparseImageWaitedFor() throws Exception {
    var sparse = new ContentFixture(memory, clock, UploadLimits.DEFAULT, SparseManifests.IMAGES);
    var late = image(null, "late");
    sparse.push(late, "v1");
    sparse.pushBlob("late");
    sparse.pushBlob(new RepositoryName("other"), "late");
    sparse.pushBlob("unwanted");
    clock.advance(GRACE.plusSeconds(1));

    var report = collect();

    assertThat(report.kept()).isEqualTo(1);
    assertThat(report.blobs()).isEqualTo(1);
    assertPullable("late");
    sparse.content().manifests().delete(REPOSITORY, late.digest());
    assertThat(collect().blobs()).isEqualTo(1);
  }

  /// Content that one repository lets go and another has.
  @Test
  void keepsContentThatAnotherRepositoryHas() throws Exception {
    var other = new RepositoryName("other");
    fixture.push(TestManifest.image(fixture.pushBlob("shared")), "v1");
    fixture.push(other, TestManifest.image(fixture.pushBlob(other, "shared")), "v1");
    fixture.content().manifests().delete(REPOSITORY, image(null, "shared").digest());
    clock.advance(GRACE.plusSeconds(1));

    collect();

    var digest = digest("shared");
    assertThat(fixture.content().blobs().open(REPOSITORY, digest)).isEmpty();
    assertThat(fixture.content().blobs().open(other, digest)).isPresent();
  }

  @Test
  void onlySaysWhatItWouldDo() throws Exception {
    fixture.push(TestManifest.image(fixture.pushBlob("a")));
    fixture.pushBlob("b");
    clock.advance(KEEP.plusSeconds(1));
    var before = memory.keys();

    var said = collector(memory, true).run();

    assertThat(memory.keys()).isEqualTo(before);
    assertThat(said.manifests()).isEqualTo(1);
    assertThat(said.links()).isEqualTo(2);
    assertThat(said.blobs()).isEqualTo(1);
  }

  /// A collector may die between any two writes; what is held stays, and the next one finishes.
  @Test
  void diesAnywhereWithoutALoss() throws Exception {
    int writes = 0;
    for (boolean died = true; died; writes++) {
      var store = new MemoryObjectStore();
      var pushed = new ContentFixture(store, clock, UploadLimits.DEFAULT);
      var kept = pushed.push(TestManifest.image(pushed.pushBlob("kept")), "v1");
      var sig = pushed.push(TestManifest.image(pushed.pushBlob("sig")).subject(kept));
      pushed.push(TestManifest.image(pushed.pushBlob("dead")).subject(sig), "gone");
      pushed.push(TestManifest.index(pushed.push(TestManifest.artifact("application/dead"))));
      pushed.content().tags().delete(REPOSITORY, "gone");
      clock.advance(KEEP.plusSeconds(1));

      died = diesAfter(writes, store);

      assertThat(pushed.has(kept.digest())).isTrue();
      assertThat(pushed.referrers(kept.digest())).containsExactly(sig.digest());
      assertThat(pushed.content().blobs().open(REPOSITORY, digest("kept"))).isPresent();
      // Pushed again while marks of the dead collector may be there, or after a day without them.
      clock.advance(Duration.ofDays(1).plusMinutes(1));
      collector(store, false).run();
      pushed.push(TestManifest.image(pushed.pushBlob("dead")), "back");
      assertThat(pushed.content().manifests().byTag(REPOSITORY, "back")).isPresent();
      collector(store, false).run();
      assertThat(pushed.content().manifests().byTag(REPOSITORY, "back")).isPresent();
      assertThat(pushed.content().blobs().open(REPOSITORY, digest("dead"))).isPresent();
      assertThat(pushed.content().blobs().open(REPOSITORY, digest("kept"))).isPresent();
    }
    assertThat(writes).isGreaterThan(5);
  }

  /// A mark is set: a push of that manifest, or of an index that names it, is told to come again.
  @Test
  void refusesPushesOfWhatIsBeingCollected() throws Exception {
    var child = pushImage("child");
    var mark = Keys.manifestMark(REPOSITORY, child.digest(), new PushIds(clock).next());
    memory.put(mark, new byte[0]);

    assertThatThrownBy(() -> fixture.push(image(null, "child"), "v1"))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThatThrownBy(() -> fixture.push(TestManifest.index(child), "v1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN));
    assertThat(fixture.content().tags().list(REPOSITORY, null, 10)).isEmpty();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("h/") || key.startsWith("c/"));

    memory.delete(mark);
    fixture.push(TestManifest.index(child), "v1");
    assertThat(fixture.content().manifests().byTag(REPOSITORY, "v1")).isPresent();
  }

  /// A push that says it is under way is seen by the second look.
  @Test
  void leavesWhatIsBeingPushed() throws Exception {
    var image = pushImage("image");
    var child = pushImage("child");
    clock.advance(KEEP.plusSeconds(1));
    var push = new PushIds(clock).next();
    memory.put(Keys.hold(REPOSITORY, image.digest(), push), new byte[0]);
    memory.put(
        Keys.child(REPOSITORY, child.digest(), digest("an index on its way"), push), new byte[0]);

    assertThat(collect().manifests()).isZero();
    // A push that died leaves both behind, for a while.
    clock.advance(GRACE.plusSeconds(1));
    assertThat(collect().manifests()).isEqualTo(2);
  }

  /// The tag comes when the tags have been looked at, and with it the hold goes.
  @Test
  void keepsWhatIsTaggedWhileItLooks() throws Exception {
    var image = pushImage("image");
    clock.advance(KEEP.plusSeconds(1));
    var hold = Keys.hold(REPOSITORY, image.digest(), new PushIds(clock).next());
    memory.put(hold, new byte[0]);
    var looks = new AtomicInteger();
    var store =
        HookedStore.after(
            memory,
            (method, key) -> {
              if (method.equals("list") && key.startsWith("t/") && looks.incrementAndGet() == 2) {
                assertThat(
                        fixture
                            .content()
                            .tags()
                            .put(
                                REPOSITORY,
                                "v1",
                                image.digest(),
                                image.mediaType(),
                                TagCondition.ALWAYS))
                    .isTrue();
                memory.delete(hold);
              }
            });

    assertThat(collector(store, false).run().manifests()).isZero();
    assertThat(looks).hasValueGreaterThan(1);
    assertThat(fixture.content().manifests().byTag(REPOSITORY, "v1")).isPresent();
    assertPullable("image");
  }

  /// An index that is being pushed again names children that nothing else holds.
  @Test
  void keepsWhatIsReachedFromWhatIsBeingPushed() throws Exception {
    var child = pushImage("child");
    var index = fixture.push(TestManifest.index(child));
    var signature = fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(index));
    clock.advance(KEEP.plusSeconds(1));
    memory.put(Keys.hold(REPOSITORY, index.digest(), new PushIds(clock).next()), new byte[0]);

    assertThat(collect().manifests()).isZero();
    assertPullable("child", "sig");
    assertThat(fixture.referrers(index.digest())).containsExactly(signature.digest());
  }

  /// A client that pushes again what is there expects it to stay as long as anything it pushed.
  @Test
  void countsTheAgeOfAManifestFromItsLastPush() throws Exception {
    var image = pushImage("image");
    var signature = TestManifest.image(fixture.pushBlob("sig")).subject(image);
    fixture.push(signature);
    clock.advance(KEEP.minusMinutes(1));
    pushImage("image");
    clock.advance(Duration.ofMinutes(2));

    assertThat(collect().manifests()).isZero();
    assertPullable("image", "sig");
    assertThat(fixture.referrers(image.digest())).containsExactly(signature.digest());
    clock.advance(KEEP);
    assertThat(collect().manifests()).isEqualTo(2);
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("s/"));
  }

  /// What a dead collector marked would count as gone for ever.
  @Test
  void renewsContentThatADeadCollectorMarked() throws Exception {
    fixture.push(TestManifest.image(fixture.pushBlob("content")), "v1");
    var digest = digest("content");
    var generation = Keys.name(memory.list(Keys.generations(digest), null, 1).getFirst());
    memory.put(Keys.mark(digest, generation, new PushIds(clock).next()), new byte[0]);
    assertThat(fixture.content().blobs().isUsable(digest)).isFalse();
    collect();
    assertThat(fixture.content().blobs().isUsable(digest)).isFalse();

    clock.advance(CollectionMarks.ALIVE.plusSeconds(1));
    collect();

    assertThat(fixture.content().blobs().isUsable(digest)).isTrue();
    assertThat(memory.list(Keys.generations(digest), null, 10)).hasSize(1);
    assertPullable("content");
  }

  /// A record that cannot be read may hold anything: all that its repository has stays, and other
  /// repositories are collected.
  @Test
  void touchesNothingOfARepositoryWhereARecordCannotBeRead() throws Exception {
    var image = pushImage("image");
    var other = new RepositoryName("other");
    var gone = fixture.push(other, TestManifest.image(fixture.pushBlob(other, "other")));
    memory.put(Keys.manifest(REPOSITORY, digest("broken")), "not a record\n".getBytes(UTF_8));
    clock.advance(KEEP.plusSeconds(1));

    var report = collect();

    assertThat(report.untouched()).isEqualTo(1);
    assertThat(report.manifests()).isEqualTo(1);
    assertThat(fixture.has(image.digest())).isTrue();
    assertPullable("image");
    assertThat(fixture.content().manifests().byDigest(other, gone.digest())).isEmpty();
    assertThat(fixture.content().blobs().open(other, digest("other"))).isEmpty();
  }

  @Test
  void touchesNothingOfARepositoryWhereATagCannotBeRead() throws Exception {
    var image = pushImage("image");
    memory.put(Keys.tag(REPOSITORY, "broken"), "not a tag".getBytes(UTF_8));
    clock.advance(KEEP.plusSeconds(1));

    assertThat(collect().untouched()).isEqualTo(1);
    assertThat(fixture.has(image.digest())).isTrue();
    assertPullable("image");
  }

  /// Content that is damaged and marked by a dead collector stops nothing.
  @Test
  void goesOnPastDamagedContent() throws Exception {
    fixture.push(TestManifest.image(fixture.pushBlob("content")), "v1");
    var dead = pushImage("dead");
    var generation = memory.list(Keys.generations(digest("content")), null, 1).getFirst();
    memory.put(generation, "CONTENT".getBytes(UTF_8));
    memory.put(
        Keys.mark(digest("content"), Keys.name(generation), new PushIds(clock).next()),
        new byte[0]);
    clock.advance(KEEP.plusSeconds(1));

    assertThat(collect().manifests()).isEqualTo(1);
    assertThat(fixture.has(dead.digest())).isFalse();
    assertThat(memory.exists(generation)).isTrue();
  }

  /// It is told to stop between its marks and what it does with them.
  @Test
  void takesItsMarksBackWhenItIsInterrupted() throws Exception {
    var image = pushImage("image");
    clock.advance(KEEP.plusSeconds(1));
    var store =
        HookedStore.after(
            memory,
            (method, key) -> {
              if (method.equals("put") && key.startsWith("gcm/")) {
                Thread.currentThread().interrupt();
              } else if (Thread.currentThread().isInterrupted()) {
                throw new StorageException(StorageReason.UNAVAILABLE, "interrupted", null);
              }
            });

    assertThatThrownBy(() -> collector(store, false).run()).hasMessage("interrupted");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("gcm/"));
    pushImage("image");
    assertThat(fixture.has(image.digest())).isTrue();
  }

  /// A killed collector's marks count for an hour after its last sign.
  @Test
  void countsMarksWhileTheirCollectorGivesSigns() throws Exception {
    var image = pushImage("image");
    var ids = new PushIds(clock);
    var sign = new CollectorSign(new CollectionMarks(memory, ids), ids, ids.next());
    memory.put(Keys.manifestMark(REPOSITORY, image.digest(), sign.collector()), new byte[0]);
    var began = clock.instant();
    for (int minute = 0; minute < 90; minute++) {
      clock.advance(Duration.ofMinutes(1).plusSeconds(1));
      sign.give();
      assertThat(sign.isSteadySince(began)).isTrue();
    }
    assertThatThrownBy(() -> pushImage("image")).isInstanceOf(RegistryException.class);
    clock.advance(CollectionMarks.STEADY.plusSeconds(1));
    assertThat(sign.isSteadySince(began)).isFalse();
    assertThatThrownBy(() -> pushImage("image")).isInstanceOf(RegistryException.class);

    clock.advance(CollectionMarks.ALIVE);
    pushImage("image");
    collect();

    assertThat(memory.keys()).noneMatch(key -> key.startsWith("gcm/"));
    clock.advance(Duration.ofDays(2));
    collect();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("gcs/"));
  }

  private boolean diesAfter(int writes, MemoryObjectStore store) throws IOException {
    try {
      collector(new FailingStore(store, writes, StorageReason.UNAVAILABLE), false).run();
      return false;
    } catch (StorageException e) {
      return true;
    }
  }

  private CollectionReport collect() throws IOException {
    return collector(memory, false).run();
  }

  private Collector collector(dev.referee.registry.storage.ObjectStore store, boolean dryRun) {
    return new Collector(
        store,
        new ContentFixture(store, clock, UploadLimits.DEFAULT).content(),
        clock,
        new CollectionPolicy(GRACE, KEEP, dryRun));
  }

  private Descriptor pushImage(String content) throws IOException {
    return fixture.push(TestManifest.image(fixture.pushBlob(content)));
  }

  /// The same manifest that [#pushImage] pushes.
  private TestManifest image(@org.jspecify.annotations.Nullable Descriptor unused, String content)
      throws IOException {
    return TestManifest.image(fixture.pushBlob(content));
  }

  private void assertPullable(String... contents) throws IOException {
    for (var content : contents) {
      try (var stream =
          fixture.content().blobs().open(REPOSITORY, digest(content)).orElseThrow().stream(0)) {
        assertThat(stream.readAllBytes()).isEqualTo(content.getBytes(UTF_8));
      }
    }
  }

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(UTF_8));
  }
}
