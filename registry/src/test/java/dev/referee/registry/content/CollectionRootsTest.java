package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.access.MovingClock;
import dev.referee.registry.storage.MemoryObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What a collection keeps although it has no tag: what somebody holds a lease on, and evidence of
/// images that are elsewhere.
class CollectionRootsTest {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Duration KEEP = Duration.ofDays(7);

  private final MovingClock clock = new MovingClock();
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final ContentFixture fixture = new ContentFixture(memory, clock, UploadLimits.DEFAULT);

  /// The image is in another registry, and its evidence here.
  @Test
  void anOverlayKeepsWhatRefersToImagesElsewhere() throws Exception {
    var elsewhere = TestManifest.artifact("application/never").descriptor();
    var other = new RepositoryName("no/overlay");
    var signature = fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(elsewhere));
    var countersignature =
        fixture.push(TestManifest.image(fixture.pushBlob("sig2")).subject(signature));
    var orphan = pushImage("no evidence at all");
    var ofOrphan = fixture.push(TestManifest.image(fixture.pushBlob("sig3")).subject(orphan));
    fixture.push(other, TestManifest.image(fixture.pushBlob(other, "sig4")).subject(elsewhere));
    clock.advance(KEEP.plusDays(30));

    var report = overlayCollector().run();

    assertThat(report.manifests()).isEqualTo(3);
    assertThat(fixture.referrers(elsewhere.digest())).containsExactly(signature.digest());
    assertThat(fixture.has(countersignature.digest())).isTrue();
    // What refers to an image that is here goes with it.
    assertThat(fixture.has(orphan.digest())).isFalse();
    assertThat(fixture.has(ofOrphan.digest())).isFalse();
    assertThat(fixture.content().blobs().open(other, digest("sig4"))).isEmpty();
    for (var kept : List.of("sig", "sig2")) {
      assertThat(fixture.content().blobs().open(REPOSITORY, digest(kept))).isPresent();
    }
  }

  /// Once the image is pushed here too, it decides.
  @Test
  void inAnOverlayAnImageThatIsHereDecides() throws Exception {
    var image = TestManifest.image(fixture.pushBlob("late"));
    var signature =
        fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(image.descriptor()));
    var collector = overlayCollector();
    clock.advance(KEEP.plusDays(30));
    assertThat(collector.run().manifests()).isZero();

    fixture.pushBlob("late");
    fixture.push(image, "v1");
    clock.advance(KEEP.plusDays(30));
    assertThat(collector.run().manifests()).isZero();
    fixture.content().tags().delete(REPOSITORY, "v1");

    assertThat(collector.run().manifests()).isEqualTo(2);
    assertThat(fixture.has(signature.digest())).isFalse();
  }

  /// What runs stays, whatever became of its tag (gitlab container-registry#1294).
  @Test
  void keepsWhatIsPinnedUntilTheLeaseEnds() throws Exception {
    var child = pushImage("child");
    var index = fixture.push(TestManifest.index(child));
    var signature = fixture.push(TestManifest.image(fixture.pushBlob("sig")).subject(index));
    clock.advance(KEEP.plusDays(1));
    var pins = fixture.content().pins();
    pins.pin(REPOSITORY, index.digest(), "operator", Pins.DEFAULT_LEASE);
    clock.advance(Duration.ofHours(12));
    pins.pin(REPOSITORY, index.digest(), "operator", Pins.DEFAULT_LEASE);
    clock.advance(Duration.ofHours(20));

    assertThat(collect().manifests()).isZero();
    assertThat(pins.of(REPOSITORY, index.digest(), "operator")).isPresent();
    // Renewed, not doubled.
    assertThat(memory.keys()).filteredOn(key -> key.startsWith("p/")).hasSize(1);

    clock.advance(Duration.ofHours(5));
    assertThat(pins.of(REPOSITORY, index.digest(), "operator")).isEmpty();
    assertThat(collect().manifests()).isEqualTo(3);
    assertThat(fixture.has(signature.digest())).isFalse();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("p/"));
  }

  @Test
  void aLeaseIsOfItsHolderAndItsRepository() throws Exception {
    var image = pushImage("image");
    var pins = fixture.content().pins();
    pins.pin(REPOSITORY, image.digest(), "one", Pins.MAX_LEASE);
    pins.pin(REPOSITORY, image.digest(), "another", Pins.MIN_LEASE);
    clock.advance(Pins.MIN_LEASE.plusSeconds(1));

    assertThat(pins.release(REPOSITORY, image.digest(), "nobody")).isFalse();
    assertThat(pins.release(REPOSITORY, image.digest(), "another")).isFalse();
    assertThat(pins.of(REPOSITORY, image.digest(), "one")).isPresent();
    assertThat(pins.of(new RepositoryName("other"), image.digest(), "one")).isEmpty();
    assertThat(pins.release(REPOSITORY, image.digest(), "one")).isTrue();
    assertThat(memory.keys()).noneMatch(key -> key.startsWith("p/"));
    for (var lease : List.of(Duration.ofSeconds(59), Pins.MAX_LEASE.plusSeconds(1))) {
      assertThatThrownBy(() -> pins.pin(REPOSITORY, image.digest(), "one", lease))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Between a collector's mark and its end nobody is told that a manifest is kept.
  @Test
  void whatIsBeingCollectedCannotBePinned() throws Exception {
    var image = pushImage("image");
    var pins = fixture.content().pins();
    var collector = new PushIds(clock).next();
    memory.put(Keys.manifestMark(REPOSITORY, image.digest(), collector), new byte[0]);

    assertThatThrownBy(() -> pins.pin(REPOSITORY, image.digest(), "one", Pins.MIN_LEASE))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThatThrownBy(() -> pins.pin(REPOSITORY, digest("no"), "one", Pins.MIN_LEASE))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN));
    assertThat(pins.of(REPOSITORY, digest("no"), "one")).isEmpty();
  }

  private CollectionReport collect() throws IOException {
    return collector(_ -> false).run();
  }

  private Collector overlayCollector() {
    return collector(REPOSITORY::equals);
  }

  private Collector collector(Predicate<RepositoryName> overlays) {
    var policy = new CollectionPolicy(GRACE, KEEP, false).withOverlays(overlays);
    return new Collector(memory, fixture.content(), clock, policy);
  }

  private Descriptor pushImage(String content) throws IOException {
    return fixture.push(TestManifest.image(fixture.pushBlob(content)));
  }

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(UTF_8));
  }
}
