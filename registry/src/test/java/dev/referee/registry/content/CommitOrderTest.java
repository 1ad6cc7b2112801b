package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Digest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.FailingStore;
import dev.referee.registry.storage.HookedStore;
import dev.referee.registry.storage.MemoryObjectStore;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The order of writes and looks on which a collector that runs at the same time depends. Two other
/// orders that look as good lose data.
class CommitOrderTest {
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Test
  void linksThenLooksAtMarksThenAtGenerationsThenCommits() throws Exception {
    var setUp = new ContentFixture(memory);
    var subject = setUp.push(TestManifest.artifact("application/subject"));
    var config = setUp.pushBlob("config");
    var layer = setUp.pushBlob("layer");
    var recording = FailingStore.recording(memory);
    var fixture = new ContentFixture(recording);

    fixture.push(TestManifest.image(config, layer).subject(subject), "v1");

    var calls = recording.calls();
    int lastLink = lastIndex(calls, "put l/");
    for (var blob : List.of(config.digest(), layer.digest())) {
      int marks = calls.indexOf("list " + Keys.marks(blob));
      int generations = calls.lastIndexOf("list " + Keys.generations(blob));
      assertThat(marks).isGreaterThan(lastLink);
      assertThat(generations).isGreaterThan(marks);
      assertThat(firstIndex(calls, "put s/")).isGreaterThan(generations);
    }
    assertThat(firstIndex(calls, "put m/")).isGreaterThan(lastIndex(calls, "put s/"));
    assertThat(firstIndex(calls, "put t/")).isGreaterThan(lastIndex(calls, "put m/"));
    // And every push has links of its own.
    assertThat(calls.stream().filter(call -> call.startsWith("put l/"))).hasSize(2);
  }

  @Test
  void linksAnUploadBeforeItLooks() throws Exception {
    var recording = FailingStore.recording(memory);
    var blob = new ContentFixture(recording).pushBlob("content").digest();

    var calls = recording.calls();
    int link = firstIndex(calls, "put l/");
    int marks = calls.indexOf("list " + Keys.marks(blob));
    int generations = calls.indexOf("list " + Keys.generations(blob));
    assertThat(link).isNotNegative().isLessThan(marks);
    assertThat(marks).isLessThan(generations);
    assertThat(firstIndex(calls, "put blobs/")).isGreaterThan(generations);
  }

  @Test
  void writesChildrenBeforeTheIndex() throws Exception {
    var setUp = new ContentFixture(memory);
    var child = setUp.push(TestManifest.artifact("application/child"));
    var recording = FailingStore.recording(memory);

    new ContentFixture(recording).push(TestManifest.index(child), "v1");

    var calls = recording.calls();
    assertThat(firstIndex(calls, "put c/")).isBetween(0, firstIndex(calls, "put m/"));
  }

  @Test
  void deletesInTheReverseOrder() throws Exception {
    var setUp = new ContentFixture(memory);
    var subject = setUp.push(TestManifest.artifact("application/subject"));
    var referrer = TestManifest.index(subject).subject(subject);
    setUp.push(referrer, "v1");
    var recording = FailingStore.recording(memory);

    new ContentFixture(recording).content().manifests().delete(REPOSITORY, referrer.digest());

    var deletions = recording.calls().stream().filter(call -> call.startsWith("delete")).toList();
    assertThat(deletions).hasSize(4);
    assertThat(deletions.get(0)).startsWith("delete t/");
    assertThat(deletions.get(1)).startsWith("delete m/");
    assertThat(deletions.get(2)).startsWith("delete s/");
    assertThat(deletions.get(3)).startsWith("delete c/");
  }

  /// A generation that a collector has marked may be gone in a moment, so it counts as gone.
  @Test
  void countsMarkedContentAsGone() throws Exception {
    var fixture = new ContentFixture(memory);
    var layer = fixture.pushBlob("layer");
    var digest = layer.digest();
    mark(digest);
    var before = memory.keys();

    assertThatThrownBy(() -> fixture.push(TestManifest.image(layer), "v1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN));
    assertThat(fixture.content().blobs().mount(new RepositoryName("b"), digest, null, _ -> true))
        .isFalse();
    // Both took their own links back.
    assertThat(memory.keys().stream().filter(key -> key.startsWith("l/")))
        .isEqualTo(before.stream().filter(key -> key.startsWith("l/")).toList());

    // An upload brings content of its own.
    fixture.pushBlob("layer");
    assertThat(memory.list(Keys.generations(digest), null, 10)).hasSize(2);
    fixture.push(TestManifest.image(layer), "v1");
    memory.delete(memory.list(Keys.generations(digest), null, 10).getFirst());
    assertThat(fixture.content().blobs().open(REPOSITORY, digest)).isPresent();
  }

  /// A child that was there is collected, and the collector gone, while an index that names it is
  /// pushed.
  @Test
  void refusesAnIndexOfWhichAChildWentMeanwhile() throws Exception {
    var setUp = new ContentFixture(memory);
    var child = setUp.push(TestManifest.artifact("application/child"));
    var absent = TestManifest.artifact("application/absent").descriptor();
    var store =
        HookedStore.after(
            memory,
            (method, key) -> {
              if (method.equals("exists")
                  && key.equals(Keys.manifest(REPOSITORY, child.digest()))) {
                memory.delete(key);
              }
            });

    assertThatThrownBy(
            () -> new ContentFixture(store).push(TestManifest.index(child, absent), "v1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN));
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("c/") || key.startsWith("t/"));

    // What is not there from the beginning may stay away.
    setUp.push(TestManifest.index(child, absent), "v1");
    assertThat(setUp.content().manifests().byTag(REPOSITORY, "v1")).isPresent();
  }

  @Test
  void keepsContentOnce() throws Exception {
    var fixture = new ContentFixture(memory);
    for (var repository : List.of("a", "b", "a/b")) {
      fixture.pushBlob(new RepositoryName(repository), "shared");
      fixture.pushBlob(new RepositoryName(repository), "shared");
    }

    assertThat(memory.keys().stream().filter(key -> key.startsWith("blobs/"))).hasSize(1);
  }

  /// A fresh upload repairs content that was cut off.
  @Test
  void replacesContentOfAnotherSize() throws Exception {
    var fixture = new ContentFixture(memory);
    var digest = fixture.pushBlob("content").digest();
    memory.put(memory.list(Keys.generations(digest), null, 1).getFirst(), new byte[0]);

    fixture.pushBlob("content");

    try (var stream = fixture.content().blobs().open(REPOSITORY, digest).orElseThrow().stream(0)) {
      assertThat(Digest.of(stream.readAllBytes())).isEqualTo(digest);
    }
  }

  @Test
  void writesNothingForAPushThatChangesNothing() throws Exception {
    var fixture = new ContentFixture(memory);
    var layer = fixture.pushBlob("layer");
    fixture.push(TestManifest.image(layer), "v1");
    var recording = FailingStore.recording(memory);

    new ContentFixture(recording).push(TestManifest.image(layer), "v2");

    // Beside saying for a moment that it is under way.
    assertThat(
            recording.calls().stream()
                .filter(call -> call.startsWith("put") && !call.startsWith("put h/")))
        .containsExactly("put t/shop~cart/v2");
    assertThat(memory.keys().stream().filter(key -> key.startsWith("h/"))).isEmpty();
  }

  private void mark(Digest digest) {
    var generation = memory.list(Keys.generations(digest), null, 1).getFirst();
    var name = generation.substring(generation.lastIndexOf('/') + 1);
    var collector = new PushIds(InstantSource.system()).next();
    memory.put(Keys.mark(digest, name, collector), new byte[0]);
  }

  private static int firstIndex(List<String> calls, String prefix) {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).startsWith(prefix)) {
        return i;
      }
    }
    return -1;
  }

  private static int lastIndex(List<String> calls, String prefix) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i).startsWith(prefix)) {
        return i;
      }
    }
    return -1;
  }
}
