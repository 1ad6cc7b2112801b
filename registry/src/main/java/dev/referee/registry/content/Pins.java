package dev.referee.registry.content;

import static dev.referee.registry.content.ErrorCode.MANIFEST_UNKNOWN;
import static dev.referee.registry.content.ErrorCode.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.Digest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Leases on manifests: what runs in a cluster stays, whatever became of its tag. A lease ends by
/// itself; whoever needs the manifest longer takes another.
///
/// Each lease is an object whose name says its end. No two leases have the same name and another
/// meaning, so whoever removes one that has ended cannot remove one that was just renewed.
///
/// The lease is written first, then the collectors' marks are looked at, then the manifest: the
/// order in which a tag is put on a manifest, with the lease as its own hold. A collector looks at
/// leases after its marks, where it looks at tags. `ManifestCollectionModelTest` tries every order.
public final class Pins {
  /// Longer than an operator that is being replaced is away.
  public static final Duration DEFAULT_LEASE = Duration.ofDays(1);

  public static final Duration MIN_LEASE = Duration.ofMinutes(1);

  /// Whoever needs it for ever tags it.
  public static final Duration MAX_LEASE = Duration.ofDays(7);

  private static final byte[] LEASE = {};

  /// Of a holder's name, as hex: names have any characters.
  private static final int HOLDER_CHARS = 32;

  private final ObjectStore store;
  private final InstantSource clock;
  private final CollectionMarks marks;

  Pins(ObjectStore store, InstantSource clock, PushIds ids) {
    this.store = store;
    this.clock = clock;
    this.marks = new CollectionMarks(store, ids);
  }

  /// Takes a lease, or renews it.
  ///
  /// @param holder who needs it; others' leases are others'
  /// @throws RegistryException with `MANIFEST_UNKNOWN` when there is no such manifest, with
  ///   `UNAVAILABLE` when it is about to go
  public Pin pin(RepositoryName repository, Digest digest, String holder, Duration lease)
      throws IOException {
    if (lease.compareTo(MIN_LEASE) < 0 || lease.compareTo(MAX_LEASE) > 0) {
      throw new IllegalArgumentException(
          "a lease of %s is not within %s..%s".formatted(lease, MIN_LEASE, MAX_LEASE));
    }
    var until = clock.instant().plus(lease).truncatedTo(ChronoUnit.SECONDS);
    var key = Keys.pin(repository, digest, segment(holder), until.getEpochSecond());
    store.put(key, LEASE);
    if (marks.isMarked(Keys.manifestMarks(repository, digest))) {
      throw new RegistryException(
          UNAVAILABLE, "the manifest is being collected at this moment; pin it again");
    }
    if (!store.exists(Keys.manifest(repository, digest))) {
      store.delete(key);
      throw unknown(digest);
    }
    for (var other : store.list(prefix(repository, digest, holder), null, ObjectStore.MAX_LISTED)) {
      if (end(other).isBefore(until)) {
        store.delete(other);
      }
    }
    return new Pin(digest, until);
  }

  /// A holder's lease that has not ended.
  public Optional<Pin> of(RepositoryName repository, Digest digest, String holder)
      throws StorageException {
    var now = clock.instant();
    return store.list(prefix(repository, digest, holder), null, ObjectStore.MAX_LISTED).stream()
        .map(Pins::end)
        .filter(until -> until.isAfter(now))
        .max(Instant::compareTo)
        .map(until -> new Pin(digest, until));
  }

  /// Gives a lease up.
  ///
  /// @return false when there is none
  public boolean release(RepositoryName repository, Digest digest, String holder)
      throws StorageException {
    boolean held = of(repository, digest, holder).isPresent();
    for (var key : store.list(prefix(repository, digest, holder), null, ObjectStore.MAX_LISTED)) {
      store.delete(key);
    }
    return held;
  }

  /// What is pinned in a repository at a moment.
  Set<Digest> pinned(RepositoryName repository, Instant at) throws StorageException {
    var pinned = new HashSet<Digest>();
    var prefix = Keys.pins(repository);
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        if (end(key).isAfter(at)) {
          pinned.add(Keys.digest(key, 2, 3));
        }
      }
    }
    return pinned;
  }

  /// Removes the leases that had ended at a moment.
  void removeEnded(Instant at) throws StorageException {
    for (var keys = store.list(Keys.PINS, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(Keys.PINS, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        if (!end(key).isAfter(at)) {
          store.delete(key);
        }
      }
    }
  }

  private static String prefix(RepositoryName repository, Digest digest, String holder) {
    return Keys.pins(repository, digest, segment(holder));
  }

  private static String segment(String holder) {
    return Digest.of(holder.getBytes(UTF_8)).hex().substring(0, HOLDER_CHARS);
  }

  private static Instant end(String key) {
    return Instant.ofEpochSecond(Long.parseLong(Keys.name(key)));
  }

  private static RegistryException unknown(Digest digest) {
    return new RegistryException(
        MANIFEST_UNKNOWN, "this repository has no manifest %s".formatted(digest));
  }
}
