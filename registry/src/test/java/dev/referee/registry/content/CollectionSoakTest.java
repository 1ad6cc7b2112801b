package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.registry.Soak;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.ObjectStore;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Writers and collectors at full speed over few digests, so that they meet all the time. What a
/// writer was told stays (harbor#23116, quay#6318, distribution#4939).
///
/// The writers' clock is a month behind the collectors', so that everything is older than every
/// grace: what keeps it is the order of steps alone.
class CollectionSoakTest {
  private static final int WRITERS = 6;
  private static final int ROUNDS = Soak.rounds(150);
  private static final int CONTENTS = 3;
  private static final Duration GRACE = CollectionPolicy.MIN_GRACE;

  /// Each call of the store takes a moment of its own length, up to this, so that everybody's steps
  /// fall between everybody else's.
  private static final int MAX_NANOS = 300_000;

  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final ObjectStore uneven = uneven(memory);

  /// Each writer has repositories of its own, so that it knows what it must find there; the content
  /// is everybody's.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void losesNoContentThatWasAcknowledged(long seed) throws Exception {
    var done = new AtomicBoolean();
    var collections = new AtomicInteger();
    var pushes = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(WRITERS + 2)) {
      var collectors = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 2; i++) {
        collectors.add(
            executor.submit(
                () -> {
                  while (!done.get()) {
                    // Whole links stay: only content and its generations are fought over.
                    new BlobCollectorRun(uneven).run();
                    collections.incrementAndGet();
                  }
                  return true;
                }));
      }
      var writers = new ArrayList<Callable<Boolean>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        var random = new Random(seed * 100 + writer);
        var repository = new RepositoryName("writer-" + writer);
        writers.add(
            () -> {
              var fixture = new ContentFixture(uneven, yesteryear(), UploadLimits.DEFAULT);
              for (int round = 0; round < ROUNDS; round++) {
                pushes.addAndGet(pushAndCheck(fixture, repository, random, seed));
              }
              return true;
            });
      }
      try {
        for (var writer : executor.invokeAll(writers)) {
          assertThat(writer.get()).isTrue();
        }
      } finally {
        done.set(true);
      }
      for (var collector : collectors) {
        assertThat(collector.get()).isTrue();
      }
    }
    assertThat(pushes.get()).isGreaterThan(WRITERS * ROUNDS / 10);
    assertThat(collections.get()).isGreaterThan(1);
    // Everybody took everything back, so that in the end nothing is left.
    new BlobCollectorRun(memory).run();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("blobs/") || key.startsWith("gc/"));
  }

  private int pushAndCheck(
      ContentFixture fixture, RepositoryName repository, Random random, long seed)
      throws IOException {
    var text = "content " + random.nextInt(CONTENTS);
    var digest = Digest.of(text.getBytes(UTF_8));
    var blobs = fixture.content().blobs();
    boolean has =
        switch (random.nextInt(3)) {
          case 0 -> blobs.mount(repository, digest, null, _ -> true);
          default -> {
            fixture.pushBlob(repository, text);
            yield true;
          }
        };
    if (!has) {
      return 0;
    }
    for (int look = 0; look < 3; look++) {
      var found = blobs.open(repository, digest);
      assertThat(found).as("seed %d, %s of %s", seed, text, repository).isPresent();
      try (var stream = found.orElseThrow().stream(0)) {
        assertThat(stream.readAllBytes()).isEqualTo(text.getBytes(UTF_8));
      }
    }
    blobs.delete(repository, digest);
    return 1;
  }

  /// Manifests of one repository, which are old as soon as they are pushed: what is tagged stays,
  /// and what a tagged index names. Each writer is a process of its own, and so is each collector.
  @ParameterizedTest
  @ValueSource(longs = {6, 7})
  void losesNoManifestThatWasAcknowledged(long seed) throws Exception {
    var done = new AtomicBoolean();
    var removed = new AtomicLong();
    var acknowledged = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(WRITERS + 2)) {
      var collectors = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 2; i++) {
        collectors.add(
            executor.submit(
                () -> {
                  while (!done.get()) {
                    removed.addAndGet(collectManifests(Instant.now()));
                  }
                  return true;
                }));
      }
      var writers = new ArrayList<Callable<Boolean>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        var random = new Random(seed * 100 + writer);
        var tag = "writer-" + writer;
        writers.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                if (tagAndCheck(tag, random, seed)) {
                  acknowledged.incrementAndGet();
                }
              }
              return true;
            });
      }
      try {
        for (var writer : executor.invokeAll(writers)) {
          assertThat(writer.get()).isTrue();
        }
      } finally {
        done.set(true);
      }
      for (var collector : collectors) {
        assertThat(collector.get()).isTrue();
      }
    }
    assertThat(acknowledged.get()).isGreaterThan(WRITERS * ROUNDS / 10);
    assertThat(removed.get()).isGreaterThan(1);
    // Every tag was taken back, so that nothing is left once no push can be under way any more.
    var _ = collectManifests(Instant.now().plus(GRACE).plusSeconds(1));
    assertThat(memory.keys())
        .noneMatch(
            key ->
                key.startsWith("m/")
                    || key.startsWith("t/")
                    || key.startsWith("h/")
                    || key.startsWith("gcm/"));
  }

  private long collectManifests(Instant began) throws IOException {
    var ids = new PushIds(InstantSource.system());
    var sign = new CollectorSign(new CollectionMarks(uneven, ids), ids, ids.next());
    var tags = new Tags(uneven, InstantSource.system());
    var policy = new CollectionPolicy(GRACE, GRACE, false);
    var pins = new Pins(uneven, InstantSource.system(), ids);
    var collector = new ManifestCollector(uneven, tags, pins, policy, began, sign);
    var _ = collector.collect(REPOSITORY);
    return collector.removed();
  }

  /// Pushes an index of two manifests under a tag, or one of the manifests, and takes it back.
  private boolean tagAndCheck(String tag, Random random, long seed) throws IOException {
    var ids = new PushIds(InstantSource.system());
    var repositories = new Repositories(uneven);
    var blobs = new Blobs(uneven, repositories, ids);
    var tags = new Tags(uneven, InstantSource.system());
    var manifests =
        new Manifests(uneven, blobs, repositories, tags, ids, yesteryear(), SparseManifests.NONE);
    var children =
        List.of(
            TestManifest.artifact("application/one-" + random.nextInt(2)),
            TestManifest.artifact("application/two"));
    var index = TestManifest.index(children.get(0).descriptor(), children.get(1).descriptor());
    var pushed = random.nextBoolean() ? index : children.get(random.nextInt(2));
    try {
      if (pushed.equals(index)) {
        for (var child : children) {
          put(manifests, child, List.of());
        }
      }
      put(manifests, pushed, List.of(tag));
    } catch (RegistryException e) {
      // To be pushed again: nothing was acknowledged.
      assertThat(e.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.MANIFEST_BLOB_UNKNOWN);
      return false;
    }
    for (int look = 0; look < 3; look++) {
      assertThat(manifests.byTag(REPOSITORY, tag)).as("seed %d, %s", seed, tag).isPresent();
      if (pushed.equals(index)) {
        for (var child : children) {
          assertThat(manifests.byDigest(REPOSITORY, child.digest()))
              .as("seed %d, %s of %s", seed, child.digest(), tag)
              .isPresent();
        }
      }
    }
    return tags.delete(REPOSITORY, tag);
  }

  private static void put(Manifests manifests, TestManifest manifest, List<String> tags)
      throws IOException {
    manifests.put(
        REPOSITORY,
        manifest.digest(),
        Manifest.parse(manifest.bytes(), manifest.mediaType()),
        manifest.bytes(),
        tags,
        TagCondition.ALWAYS);
  }

  /// Pushes, tags, deletes and whole collections, with clocks as they are: what is tagged stays
  /// whole.
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void losesNoTaggedImage(long seed) throws Exception {
    var now = Instant.parse("2026-06-01T00:00:00Z");
    var fixture = new ContentFixture(memory, () -> now, UploadLimits.DEFAULT);
    var later = now.plus(GRACE).plusSeconds(1);
    var random = new Random(seed);
    for (int round = 0; round < Soak.rounds(60); round++) {
      var layer = fixture.pushBlob("layer " + random.nextInt(5));
      var image = fixture.push(TestManifest.image(layer), "t" + random.nextInt(4));
      fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(image));
      if (random.nextInt(3) == 0) {
        fixture.content().tags().delete(REPOSITORY, "t" + random.nextInt(4));
      }
      new Collector(
              memory,
              new ContentFixture(memory).content(),
              () -> later,
              new CollectionPolicy(GRACE, GRACE, false))
          .run();
      for (var tag : fixture.content().tags().list(REPOSITORY, null, 10)) {
        var manifest = fixture.content().manifests().byTag(REPOSITORY, tag).orElseThrow();
        for (var blob : manifest.record().blobs()) {
          assertThat(fixture.content().blobs().open(REPOSITORY, blob)).isPresent();
        }
        assertThat(fixture.referrers(manifest.digest())).hasSize(1);
      }
    }
  }

  private static ObjectStore uneven(ObjectStore store) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(MAX_NANOS));
          try {
            return method.invoke(store, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, handler);
  }

  private static InstantSource yesteryear() {
    return () -> Instant.now().minus(Duration.ofDays(30));
  }

  /// A collection of content alone, in which every link counts.
  private record BlobCollectorRun(ObjectStore store) {
    void run() throws IOException {
      var keepsLinks =
          new java.util.AbstractSet<Long>() {
            @Override
            public boolean contains(Object fingerprint) {
              return true;
            }

            @Override
            public java.util.Iterator<Long> iterator() {
              return java.util.Collections.emptyIterator();
            }

            @Override
            public int size() {
              return 0;
            }
          };
      var policy = new CollectionPolicy(GRACE, GRACE, false);
      var ids = new PushIds(InstantSource.system());
      var sign = new CollectorSign(new CollectionMarks(store, ids), ids, ids.next());
      new BlobCollector(store, policy, Instant.now(), sign, keepsLinks, Set.of()).collect();
    }
  }
}
