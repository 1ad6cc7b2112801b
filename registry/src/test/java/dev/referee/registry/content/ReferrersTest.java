package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.FileObjectStore;
import dev.referee.registry.storage.MemoryObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferrersTest {
  private static final TestManifest SUBJECT = TestManifest.artifact("application/subject");

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final ContentFixture fixture = new ContentFixture(memory);

  /// One page looks at ten thousand edges; the rest is a link away.
  @Test
  void reachesAnyNumberOfReferrersWithBoundedPages() throws Exception {
    int count = 23_000;
    var pushed = new ArrayList<Digest>();
    for (int i = 0; i < count; i++) {
      var referrer =
          TestManifest.artifact(i % 5000 == 0 ? "application/rare" : "application/x")
              .with("x-n", String.valueOf(i))
              .subject(SUBJECT.descriptor());
      pushed.addFirst(fixture.push(referrer).digest());
    }

    assertThat(all(Set.of())).isEqualTo(pushed);
    assertThat(all(Set.of("application/rare"))).hasSize(5);
    assertThat(all(Set.of("application/none"))).isEmpty();
  }

  /// The edge is written before its manifest and may outlive it.
  @Test
  void hidesEdgesWhoseManifestIsNotThere() throws Exception {
    var one = push("one");
    var two = push("two");

    memory.delete(Keys.manifest(REPOSITORY, one));

    assertThat(fixture.referrers(SUBJECT.digest())).containsExactly(two);
  }

  @Test
  void listsAReferrerOnceForTwoPushesAtTheSameTime() throws Exception {
    var one = push("one");
    var edge = memory.list(Keys.referrers(REPOSITORY, SUBJECT.digest()), null, 1).getFirst();
    memory.put(
        Keys.referrer(REPOSITORY, SUBJECT.digest(), one, "00000000000000-" + "0".repeat(20)),
        memory.get(edge).orElseThrow());

    assertThat(fixture.referrers(SUBJECT.digest())).containsExactly(one);
  }

  /// What is kept in memory must never hide a push or show a deletion's victim, even when the list
  /// of edges is old enough to be trusted.
  @Test
  void trustsItsMemoryOnlyWhileNothingHasChanged(@TempDir Path root) throws Exception {
    var store = FileObjectStore.open(root);
    var reader = new ContentFixture(store);
    var writer = new ContentFixture(FileObjectStore.open(root));
    var expected = new HashSet<Digest>();
    for (int i = 0; i < 5; i++) {
      settle(root);
      // Twice: once to remember, once from memory.
      assertThat(reader.referrers(SUBJECT.digest())).hasSameElementsAs(expected);
      assertThat(reader.referrers(SUBJECT.digest())).hasSameElementsAs(expected);

      expected.add(
          writer
              .push(TestManifest.artifact("application/" + i).subject(SUBJECT.descriptor()))
              .digest());
      assertThat(reader.referrers(SUBJECT.digest())).hasSameElementsAs(expected);
    }
    for (var digest : Set.copyOf(expected)) {
      settle(root);
      assertThat(reader.referrers(SUBJECT.digest())).hasSameElementsAs(expected);
      writer.content().manifests().delete(REPOSITORY, digest);
      expected.remove(digest);
      assertThat(reader.referrers(SUBJECT.digest())).hasSameElementsAs(expected);
    }
  }

  /// A list that was read between an edge and its manifest must not be remembered.
  @Test
  void doesNotRememberAListThatWasIncomplete(@TempDir Path root) throws Exception {
    var store = FileObjectStore.open(root);
    var reader = new ContentFixture(store);
    var digest =
        new ContentFixture(store)
            .push(TestManifest.artifact("application/x").subject(SUBJECT.descriptor()))
            .digest();
    var key = Keys.manifest(REPOSITORY, digest);
    var record = store.get(key).orElseThrow();
    store.delete(key);
    settle(root);
    assertThat(reader.referrers(SUBJECT.digest())).isEmpty();

    store.put(key, record);

    assertThat(reader.referrers(SUBJECT.digest())).containsExactly(digest);
  }

  /// Makes every file and folder old, as if time had passed.
  private static void settle(Path root) throws Exception {
    var old = FileTime.from(Instant.now().minusSeconds(60));
    try (var files = Files.walk(root.resolve("objects"))) {
      for (var file : files.toList()) {
        if (Files.getLastModifiedTime(file).compareTo(old) > 0) {
          Files.setLastModifiedTime(file, old);
        }
      }
    }
  }

  private Digest push(String type) throws Exception {
    return fixture
        .push(TestManifest.artifact("application/" + type).subject(SUBJECT.descriptor()))
        .digest();
  }

  private List<Digest> all(Set<String> types) throws Exception {
    var seen = new ArrayList<Digest>();
    String before = null;
    do {
      var page = fixture.content().referrers().page(REPOSITORY, SUBJECT.digest(), types, before);
      seen.addAll(ContentFixture.digests(page));
      before = page.next();
    } while (before != null);
    return seen;
  }

  /// What a client asks for is part of what is kept.
  @Test
  void boundsWhatIsKeptOfQuestions(@TempDir Path root) throws Exception {
    var referrers = new ContentFixture(FileObjectStore.open(root)).content().referrers();
    for (int i = 0; i < 60; i++) {
      var type = i + "x".repeat(1 << 20);
      referrers.page(REPOSITORY, Digest.of(new byte[0]), Set.of(type), null);
    }

    assertThat(referrers.cached()).isBetween(1L, 32L);
  }
}
