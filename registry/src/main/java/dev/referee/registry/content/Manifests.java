package dev.referee.registry.content;

import static dev.referee.registry.content.ErrorCode.MANIFEST_INVALID;
import static dev.referee.registry.content.ErrorCode.UNAVAILABLE;

import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The manifests of every repository.
public final class Manifests {
  /// Some thousand manifests of ordinary size.
  private static final long MAX_CACHED_BYTES = 32 << 20;

  private static final byte[] HOLD = {};

  /// A manifest that is pushed again is as young as if it were new, or it would be collected sooner
  /// than its client expects. Within this time it is young enough: many tags are many pushes.
  private static final Duration RENEWED_AFTER = Duration.ofMinutes(5);

  private static final int RECORD_WEIGHT = 512;

  private final ObjectStore store;
  private final Blobs blobs;
  private final Repositories repositories;
  private final Tags tags;
  private final PushIds ids;
  private final InstantSource clock;
  private final SparseManifests sparse;
  private final CollectionMarks marks;
  private final VersionedCache<StoredManifest> cache;
  // Keeps a tag from being put on a manifest that goes at the same moment.
  private final Stripes locks = new Stripes();

  Manifests(
      ObjectStore store,
      Blobs blobs,
      Repositories repositories,
      Tags tags,
      PushIds ids,
      InstantSource clock,
      SparseManifests sparse) {
    this.store = store;
    this.blobs = blobs;
    this.repositories = repositories;
    this.tags = tags;
    this.ids = ids;
    this.clock = clock;
    this.sparse = sparse;
    this.marks = new CollectionMarks(store, ids);
    this.cache =
        new VersionedCache<>(
            store, MAX_CACHED_BYTES, manifest -> RECORD_WEIGHT + manifest.bytes().length);
  }

  public Optional<StoredManifest> byTag(RepositoryName repository, String tag) throws IOException {
    var digest = tags.resolve(repository, tag);
    return digest.isEmpty() ? Optional.empty() : byDigest(repository, digest.get());
  }

  public Optional<StoredManifest> byDigest(RepositoryName repository, Digest digest)
      throws IOException {
    var key = Keys.manifest(repository, digest);
    return cache.get(key, object -> read(key, digest, object));
  }

  /// Whether a manifest is there, and everything that it named was when it was pushed.
  public boolean isWhole(RepositoryName repository, Digest digest) throws IOException {
    return byDigest(repository, digest)
        .filter(manifest -> manifest.record().absent().isEmpty())
        .isPresent();
  }

  /// Stores a manifest and points tags at it.
  ///
  /// @param manifest the parsed bytes
  /// @param condition what must be true of each of the tags. When it ceases to hold while the
  ///   manifest is pushed, the manifest stays, without the tag
  /// @throws RegistryException when it names what is not there, or the condition does not hold;
  ///   nothing was written then
  public void put(
      RepositoryName repository,
      Digest digest,
      Manifest manifest,
      byte[] bytes,
      List<String> newTags,
      TagCondition condition)
      throws IOException {
    put(repository, digest, manifest, bytes, newTags, condition, sparse);
  }

  /// The same, where this manifest may name what is not here.
  public void put(
      RepositoryName repository,
      Digest digest,
      Manifest manifest,
      byte[] bytes,
      List<String> newTags,
      TagCondition condition,
      SparseManifests missing)
      throws IOException {
    if (!condition.equals(TagCondition.ALWAYS)) {
      for (var tag : newTags) {
        if (!condition.holds(tags.resolve(repository, tag).orElse(null))) {
          throw RegistryException.preconditionFailed();
        }
      }
    }
    var lock = locks.of(Keys.manifest(repository, digest));
    lock.lock();
    var push = ids.next();
    var hold = Keys.hold(repository, digest, push);
    try {
      // Before anything is looked at: from here on a collector keeps it, or has marked it.
      store.put(hold, HOLD);
      if (marks.isMarked(Keys.manifestMarks(repository, digest))) {
        throw new RegistryException(
            UNAVAILABLE, "the manifest is being collected at this moment; push it again");
      }
      var existing = record(repository, digest);
      // Written anew in full, under this push's own id: so no deletion at the same time can take
      // its edges and leave its record.
      if (existing.isEmpty()
          || !isWhole(repository, digest, manifest, existing.get())
          || isOld(existing.get())) {
        var steps =
            new ManifestPush(
                store, blobs, marks, missing, repository, digest, manifest, bytes, push);
        steps.look();
        repositories.ensure(repository);
        steps.write(clock.instant());
        if (existing.isPresent()) {
          ManifestPush.removeEdges(store, repository, digest, ManifestTies.of(existing.get()));
        }
      }
      for (var tag : newTags) {
        if (!tags.put(repository, tag, digest, manifest.mediaType(), condition)) {
          throw RegistryException.preconditionFailed();
        }
      }
    } finally {
      try {
        store.delete(hold);
      } finally {
        lock.unlock();
      }
    }
  }

  /// Deletes a manifest and its tags, in the reverse order of a push.
  ///
  /// @return false when there is none
  public boolean delete(RepositoryName repository, Digest digest) throws IOException {
    var key = Keys.manifest(repository, digest);
    var lock = locks.of(key);
    lock.lock();
    try {
      var existing = record(repository, digest);
      if (existing.isEmpty()) {
        return false;
      }
      tags.deleteAllOf(repository, digest);
      store.delete(key);
      ManifestPush.removeEdges(store, repository, digest, ManifestTies.of(existing.get()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOld(ManifestRecord record) {
    return record.pushedAt().plus(RENEWED_AFTER).isBefore(clock.instant());
  }

  /// Whether nothing has to be written for a manifest that is there: everything it needs is still
  /// linked by the push that brought it.
  private boolean isWhole(
      RepositoryName repository, Digest digest, Manifest manifest, ManifestRecord record)
      throws IOException {
    if (!record.mediaType().equals(manifest.mediaType())) {
      // One digest, two meanings (CVE-2021-41190).
      throw new RegistryException(
          MANIFEST_INVALID,
          "%s is stored as %s already and cannot be %s too"
              .formatted(digest, record.mediaType(), manifest.mediaType()));
    }
    for (var blob : record.blobs()) {
      if (!blobs.isLinkedBy(repository, blob, record.push())) {
        return false;
      }
    }
    for (var blob : record.absent()) {
      if (blobs.open(repository, blob).isPresent()) {
        return false;
      }
    }
    return record.size() <= ManifestPush.MAX_INLINE_BYTES
        || blobs.isLinkedBy(repository, digest, record.push());
  }

  /// The record as it is now, from the store.
  private Optional<ManifestRecord> record(RepositoryName repository, Digest digest)
      throws StorageException {
    var key = Keys.manifest(repository, digest);
    var object = store.get(key);
    return object.isEmpty()
        ? Optional.empty()
        : Optional.of(ManifestRecord.decode(key, object.get()).record());
  }

  private StoredManifest read(String key, Digest digest, byte[] object) throws IOException {
    var decoded = ManifestRecord.decode(key, object);
    var record = decoded.record();
    var bytes = decoded.inlined();
    if (record.size() > ManifestPush.MAX_INLINE_BYTES) {
      var content = blobs.content(digest);
      if (content.isPresent()) {
        try (var stream = content.get().stream(0)) {
          bytes = stream.readNBytes(Manifest.MAX_BYTES);
        }
      }
    }
    // What does not hash to its name is not served, whatever happened to the disk.
    if (!Digest.of(digest.algorithm(), bytes).equals(digest)) {
      throw new StorageException(
          StorageReason.CORRUPT, "the bytes of manifest %s are not its own".formatted(key), null);
    }
    return new StoredManifest(digest, record, bytes);
  }
}
