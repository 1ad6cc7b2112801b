package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ObjectStore] must do. A driver's test extends this class.
public abstract class ObjectStoreContract {
  private ObjectStore store;

  /// A store that is empty at the beginning of each test.
  protected abstract ObjectStore emptyStore() throws Exception;

  /// Another process's view of the same store.
  protected abstract ObjectStore reopened() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = emptyStore();
  }

  @Test
  void readsWhatWasWritten() throws Exception {
    store.put("t/a/v1", bytes("one"));
    store.put("t/a/empty", bytes(""));
    store.put("t/a/v1", bytes("two"));
    store.put("t/a/empty", bytes(""));

    assertThat(store.get("t/a/v1")).hasValue(bytes("two"));
    assertThat(store.get("t/a/empty")).hasValue(bytes(""));
    assertThat(store.get("t/a/v2")).isEmpty();
    assertThat(store.get("t/a")).isEmpty();
    assertThat(store.get("t/a/v1/below")).isEmpty();
    assertThat(reopened().get("t/a/v1")).hasValue(bytes("two"));
    assertThat(store.exists("t/a/v1")).isTrue();
    assertThat(store.exists("t/a")).isFalse();
    assertThat(store.exists("t/a/v2")).isFalse();
  }

  @Test
  void replacesSomethingByNothing() throws Exception {
    store.put("t/a", bytes("full"));
    store.put("t/a", bytes(""));

    assertThat(store.get("t/a")).hasValue(bytes(""));
  }

  @Test
  void writesIfAbsentOnce() throws Exception {
    assertThat(store.putIfAbsent("k/1", bytes("first"))).isTrue();
    assertThat(store.putIfAbsent("k/1", bytes("second"))).isFalse();
    assertThat(store.get("k/1")).hasValue(bytes("first"));
  }

  @Test
  void letsExactlyOneOfManyWriteIfAbsent() throws Exception {
    for (int round = 0; round < 20; round++) {
      var key = "race/" + round;
      var wins = together(16, () -> store.putIfAbsent(key, bytes(key)));

      assertThat(wins).containsOnlyOnce(true);
    }
  }

  @Test
  void replacesOnlyWhatItsWriterKnows() throws Exception {
    assertThat(store.replace("k/1", bytes("one"), bytes("two"))).isFalse();
    assertThat(store.exists("k/1")).isFalse();
    store.put("k/1", bytes("one"));

    assertThat(store.replace("k/1", bytes("other"), bytes("two"))).isFalse();
    assertThat(store.get("k/1")).hasValue(bytes("one"));
    assertThat(store.replace("k/1", bytes("one"), bytes("two"))).isTrue();
    assertThat(store.replace("k/1", bytes("one"), bytes("three"))).isFalse();
    assertThat(reopened().replace("k/1", bytes("two"), bytes("three"))).isTrue();
    assertThat(store.get("k/1")).hasValue(bytes("three"));
    store.delete("k/1");
    assertThat(store.replace("k/1", bytes("three"), bytes("four"))).isFalse();
  }

  /// Everybody counts up what is there: no step is lost, whichever of two stores takes it.
  @Test
  void losesNoReplacementOfManyWriters() throws Exception {
    store.put("k/n", bytes("0"));
    var other = reopened();
    var turn = new java.util.concurrent.atomic.AtomicInteger();
    var counted =
        together(
            8,
            () -> {
              var mine = turn.getAndIncrement() % 2 == 0 ? store : other;
              for (int done = 0; done < 10; ) {
                var seen = mine.get("k/n").orElseThrow();
                var next = Integer.parseInt(new String(seen, UTF_8)) + 1;
                if (mine.replace("k/n", seen, bytes(Integer.toString(next)))) {
                  done++;
                }
              }
              return 10;
            });

    assertThat(counted).hasSize(8);
    assertThat(store.get("k/n")).hasValue(bytes("80"));
  }

  /// Readers see the old or the new object, never a part and never none.
  @Test
  void replacesAtOnce() throws Exception {
    var old = new byte[20_000];
    var fresh = "n".repeat(30_000).getBytes(UTF_8);
    store.put("k", old);
    var seen =
        together(
            8,
            () -> {
              for (int i = 0; i < 50; i++) {
                store.put("k", i % 2 == 0 ? fresh : old);
                var content = store.get("k").orElseThrow();
                if (content.length != old.length && content.length != fresh.length) {
                  return content.length;
                }
              }
              return 0;
            });

    assertThat(seen).containsOnly(0);
  }

  @Test
  void deletes() throws Exception {
    store.put("k/1", bytes("x"));
    store.delete("k/1");
    store.delete("k/1");
    store.delete("never/was");

    assertThat(store.get("k/1")).isEmpty();
    assertThat(store.list("k/", null, 10)).isEmpty();
    assertThat(store.putIfAbsent("k/1", bytes("again"))).isTrue();
  }

  @Test
  void listsInTheOrderOfBytes() throws Exception {
    var keys =
        List.of(
            "p/a", "p/a-b/x", "p/a.c", "p/a/x", "p/a~b/x", "p/B", "p/_", "p/0", "p/ab", "p/a/y/z");
    // `p/a` cannot be beside `p/a/x`.
    var written = new TreeSet<>(keys.subList(1, keys.size()));
    for (var key : written) {
      store.put(key, bytes(key));
    }

    assertThat(store.list("p/", null, 100)).containsExactlyElementsOf(written);
    assertThat(store.list("p/a/", null, 100)).containsExactly("p/a/x", "p/a/y/z");
    assertThat(store.list("p/nothing/", null, 100)).isEmpty();
    assertThat(store.list("p/", null, 0)).isEmpty();
  }

  /// A repository `a` and a repository `a/b` must never see each other.
  @Test
  void listsNothingOfAPrefixThatIsOnlySimilar() throws Exception {
    store.put("t/a/v1", bytes(""));
    store.put("t/a~b/v1", bytes(""));
    store.put("t/ab/v1", bytes(""));

    assertThat(store.list("t/a/", null, 100)).containsExactly("t/a/v1");
    assertThat(store.list("t/a~b/", null, 100)).containsExactly("t/a~b/v1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void pagesThroughEverythingOnce(long seed) throws Exception {
    var random = new Random(seed);
    var written = new TreeSet<String>();
    for (int i = 0; i < 120; i++) {
      var key = "p/" + segment(random) + (random.nextBoolean() ? "/" + segment(random) : "");
      if (written.stream().noneMatch(k -> k.startsWith(key + "/") || key.startsWith(k + "/"))) {
        written.add(key);
        store.put(key, bytes(""));
      }
    }
    for (int limit : new int[] {1, 3, 7, 1000}) {
      var seen = new ArrayList<String>();
      List<String> page = store.list("p/", null, limit);
      while (!page.isEmpty()) {
        assertThat(page).as("seed %d", seed).hasSizeLessThanOrEqualTo(limit);
        seen.addAll(page);
        page = store.list("p/", page.getLast(), limit);
      }
      assertThat(seen).as("seed %d", seed).containsExactlyElementsOf(written);
    }
    // A start that is no key.
    assertThat(store.list("p/", "p/m", 1000))
        .as("seed %d", seed)
        .containsExactlyElementsOf(written.tailSet("p/m", false));
  }

  @Test
  void findsEveryChangeByVersion() throws Exception {
    store.put("v/k", bytes("1"));
    var before = store.version("v/k");
    store.put("v/k", bytes("2"));
    var after = store.version("v/k");

    assertThat(before == null || !before.equals(after)).isTrue();
    assertThat(store.version("v/absent")).isNull();
    var list = store.version("v/");
    store.put("v/k2", bytes(""));
    var longer = store.version("v/");
    assertThat(list == null || !list.equals(longer)).isTrue();
    store.delete("v/k2");
    assertThat(longer == null || !longer.equals(store.version("v/"))).isTrue();
  }

  @Test
  void readsPartsOfContent() throws Exception {
    store.put("b/x", bytes("0123456789"));

    var content = store.open("b/x").orElseThrow();

    assertThat(content.size()).isEqualTo(10);
    try (var stream = content.stream(7)) {
      assertThat(stream.readAllBytes()).isEqualTo(bytes("789"));
    }
    assertThat(store.open("b/y")).isEmpty();
    assertThat(store.open("b")).isEmpty();
    assertThat(store.open("b/x/y")).isEmpty();
  }

  @Test
  void refusesWhatIsNotAKey() {
    for (var key :
        new String[] {
          "",
          "/",
          "a/",
          "/a",
          "a//b",
          ".",
          "..",
          "a/..",
          "a/../b",
          "a/./b",
          "a\\b",
          "a b",
          "a\0b",
          "a:b",
          "a%2fb",
          "caf\u00e9",
          "a\nb",
          "x".repeat(256)
        }) {
      assertThatThrownBy(() -> store.put(key, bytes("")))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.get(key)).as(key).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> store.list("a", null, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.list("a/", null, ObjectStore.MAX_LISTED + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.beginUpload("../x", bytes("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesTheLongestSegments() throws Exception {
    var key = "x".repeat(255) + "/" + "y".repeat(255);
    store.put(key, bytes("long"));

    assertThat(store.get(key)).hasValue(bytes("long"));
  }

  @Test
  void takesContentInPieces() throws Exception {
    try (var upload = store.beginUpload("u1", bytes("state"))) {
      upload.append(stream("hello "));
      assertThat(upload.size()).isEqualTo(6);
    }
    try (var upload = reopened().resumeUpload("u1").orElseThrow()) {
      assertThat(upload.state()).isEqualTo(bytes("state"));
      assertThat(upload.size()).isEqualTo(6);
      upload.append(stream("world"));
      try (var content = upload.content()) {
        assertThat(content.readAllBytes()).isEqualTo(bytes("hello world"));
      }
      upload.commit("blobs/x");
    }

    assertThat(store.get("blobs/x")).hasValue(bytes("hello world"));
    assertThat(store.resumeUpload("u1")).isEmpty();
    assertThat(store.listUploads(null, 10)).isEmpty();
  }

  /// Larger than what any driver keeps in memory.
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void takesLargeContentInPiecesOfAnySize(long seed) throws Exception {
    var random = new Random(seed);
    var content = new byte[(18 << 20) + random.nextInt(1 << 20)];
    random.nextBytes(content);
    store.beginUpload("u1", bytes("state")).close();
    for (int sent = 0; sent < content.length; ) {
      int length = Math.min(content.length - sent, 1 + random.nextInt(7 << 20));
      try (var upload = (sent % 2 == 0 ? store : reopened()).resumeUpload("u1").orElseThrow()) {
        assertThat(upload.size()).as("seed %d", seed).isEqualTo(sent);
        assertThatThrownBy(() -> upload.append(failingAfter("f".repeat(9 << 20))))
            .hasMessage("broken");
        upload.truncate(sent);
        upload.append(new ByteArrayInputStream(content, sent, length));
      }
      sent += length;
    }
    try (var upload = reopened().resumeUpload("u1").orElseThrow()) {
      try (var stream = upload.content()) {
        assertThat(Arrays.equals(stream.readAllBytes(), content)).as("seed %d", seed).isTrue();
      }
      upload.commit("blobs/large");
    }

    var stored = store.open("blobs/large").orElseThrow();
    assertThat(stored.size()).isEqualTo(content.length);
    for (int offset : new int[] {0, 1, 8 << 20, (8 << 20) - 1, content.length - 1}) {
      try (var stream = stored.stream(offset)) {
        assertThat(
                Arrays.equals(
                    stream.readAllBytes(), Arrays.copyOfRange(content, offset, content.length)))
            .as("seed %d from %d", seed, offset)
            .isTrue();
      }
    }
    try (var stream = stored.stream(content.length)) {
      assertThat(stream.read()).isNegative();
    }
    store.delete("blobs/large");
    assertThat(reopened().open("blobs/large")).isEmpty();
  }

  @Test
  void cutsAnUploadBack() throws Exception {
    try (var upload = store.beginUpload("u1", bytes(""))) {
      upload.append(stream("keep"));
      assertThatThrownBy(() -> upload.append(failingAfter("lost")))
          .isInstanceOf(IOException.class)
          .hasMessage("broken");
      upload.truncate(4);
      upload.append(stream(" this"));
      upload.commit("b");
    }

    assertThat(store.get("b")).hasValue(bytes("keep this"));
  }

  @Test
  void opensAnUploadOnceAtATime() throws Exception {
    try (var upload = store.beginUpload("u1", bytes(""))) {
      assertThatThrownBy(() -> store.resumeUpload("u1"))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.BUSY));
      assertThat(upload.size()).isZero();
    }
    store.resumeUpload("u1").orElseThrow().close();
  }

  @Test
  void abortsAnUpload() throws Exception {
    try (var upload = store.beginUpload("u1", bytes(""))) {
      upload.append(stream("x"));
      upload.abort();
    }

    assertThat(store.resumeUpload("u1")).isEmpty();
    assertThat(store.listUploads(null, 10)).isEmpty();
  }

  @Test
  void listsUploadsInOrder() throws Exception {
    for (var id : new String[] {"c", "a", "b"}) {
      store.beginUpload(id, bytes("")).close();
    }

    assertThat(store.listUploads(null, 2)).containsExactly("a", "b");
    assertThat(store.listUploads("a", 10)).containsExactly("b", "c");
    assertThat(store.resumeUpload("d")).isEmpty();
  }

  @Test
  void looksAtAnUploadWithoutOpeningIt() throws Exception {
    var before = Instant.now().minusSeconds(5);
    try (var upload = store.beginUpload("u1", bytes("state"))) {
      upload.append(stream("x"));
      // Open or not.
      var _ = reopened().uploadChanged("u1");
    }

    assertThat(store.uploadChanged("u1").orElseThrow()).isAfter(before);
    assertThat(store.uploadChanged("u2")).isEmpty();
    try (var upload = reopened().resumeUpload("u1").orElseThrow()) {
      assertThat(store.uploadChanged("u1")).hasValue(upload.lastChange());
      upload.abort();
    }
    assertThat(store.uploadChanged("u1")).isEmpty();
  }

  /// What is not committed is no object.
  @Test
  void keepsUploadsOutOfLists() throws Exception {
    store.beginUpload("u1", bytes("")).close();

    assertThat(store.list("up/", null, 10)).isEmpty();
  }

  private static <T> List<T> together(int threads, Callable<T> work) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var future : executor.invokeAll(Collections.nCopies(threads, work))) {
        results.add(future.get());
      }
      return results;
    }
  }

  private static String segment(Random random) {
    var alphabet = "ab-.~_0Z";
    var segment = new StringBuilder("a");
    for (int i = random.nextInt(4); i > 0; i--) {
      segment.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return segment.toString();
  }

  private static InputStream failingAfter(String text) {
    return new FilterInputStream(stream(text)) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count < 0) {
          throw new IOException("broken");
        }
        return count;
      }
    };
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
