package dev.referee.registry.content;

import static dev.referee.registry.content.ErrorCode.MANIFEST_BLOB_UNKNOWN;
import static dev.referee.registry.content.ErrorCode.MANIFEST_INVALID;
import static dev.referee.registry.content.ErrorCode.SIZE_INVALID;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Index;
import dev.referee.oci.Manifest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One push of one manifest, in the order that makes it safe to fail at any point:
///
/// 1. look whether everything is there, and refuse with nothing written;
/// 2. links to every blob, edges to every child: from here on a collector keeps them;
/// 3. the collectors' marks, then the generations, and the same of every child: what was about to
///    go when it was linked is treated as gone;
/// 4. the edge from the subject;
/// 5. the manifest's record, which makes all of it visible at once.
///
/// A failure before the last step leaves links and edges of a push that never was, which nobody
/// sees and the collector removes.
final class ManifestPush {
  /// Larger manifests are stored as blobs, so that looking at a record stays cheap.
  static final int MAX_INLINE_BYTES = 64 << 10;

  /// Each costs an object; images have a hundred layers, indexes a dozen children.
  private static final int MAX_NAMED = 4096;

  private static final byte[] EDGE = {};

  private final ObjectStore store;
  private final Blobs blobs;
  private final CollectionMarks marks;
  private final SparseManifests sparse;
  private final RepositoryName repository;
  private final Digest digest;
  private final Manifest manifest;
  private final byte[] bytes;
  private final String push;
  private final Map<Digest, Descriptor> required = new LinkedHashMap<>();
  private final Map<Digest, Descriptor> children = new LinkedHashMap<>();
  // Those of the children that were there.
  private final Set<Digest> present = new HashSet<>();
  private final Set<Digest> absent = new LinkedHashSet<>();

  ManifestPush(
      ObjectStore store,
      Blobs blobs,
      CollectionMarks marks,
      SparseManifests sparse,
      RepositoryName repository,
      Digest digest,
      Manifest manifest,
      byte[] bytes,
      String push) {
    this.store = store;
    this.blobs = blobs;
    this.marks = marks;
    this.sparse = sparse;
    this.repository = repository;
    this.digest = digest;
    this.manifest = manifest;
    this.bytes = bytes;
    this.push = push;
  }

  /// Step 1.
  ///
  /// @throws RegistryException when the manifest names what is not there
  void look() throws IOException {
    switch (manifest) {
      case ImageManifest image -> {
        checkCount(image.layers().size());
        lookAtBlob(image.config(), sparse.allowMissingBlobs());
        for (var layer : image.layers()) {
          lookAtBlob(layer, sparse.allowMissingBlobs() || layer.mediaType().isNonDistributable());
        }
      }
      case Index index -> {
        checkCount(index.manifests().size());
        for (var child : index.manifests()) {
          lookAtChild(child);
        }
      }
    }
  }

  /// The other steps.
  void write(Instant now) throws IOException {
    boolean inline = bytes.length <= MAX_INLINE_BYTES;
    link(inline);
    if (!confirm()) {
      withdraw(inline);
      throw unknown("what the manifest names was removed while it was pushed");
    }
    if (!inline) {
      blobs.store(digest, bytes);
    }
    var subject = manifest.subject();
    if (subject != null) {
      store.put(
          Keys.referrer(repository, subject.digest(), digest, push),
          ReferrerDescriptor.encode(manifest, digest, bytes.length));
    }
    var record =
        new ManifestRecord(
            manifest.mediaType(),
            bytes.length,
            ReferrerDescriptor.artifactType(manifest),
            subject == null ? null : subject.digest(),
            push,
            now,
            List.copyOf(required.keySet()),
            List.copyOf(children.keySet()),
            List.copyOf(absent));
    store.put(Keys.manifest(repository, digest), record.encode(inline ? bytes : new byte[0]));
  }

  private void lookAtChild(Descriptor child) throws IOException {
    children.put(child.digest(), child);
    if (isManifest(child)) {
      if (exists(child.digest())) {
        present.add(child.digest());
      } else if (!sparse.allowMissingChildren()) {
        throw unknown("the index names %s, which is not here".formatted(child.digest()));
      }
    } else {
      // An index may name content of any type.
      lookAtBlob(child, sparse.allowMissingChildren());
    }
  }

  private static boolean isManifest(Descriptor child) {
    return child.mediaType().isImageManifest() || child.mediaType().isIndex();
  }

  private static void checkCount(int count) throws RegistryException {
    if (count > MAX_NAMED) {
      throw new RegistryException(
          MANIFEST_INVALID,
          "the manifest names %d descriptors, %d are allowed".formatted(count, MAX_NAMED));
    }
  }

  /// What is missing is not linked: a link would make it readable here once anybody has it.
  private void lookAtBlob(Descriptor blob, boolean mayBeMissing) throws IOException {
    if (mayBeMissing && blobs.open(repository, blob.digest()).isEmpty()) {
      absent.add(blob.digest());
    } else {
      require(blob);
    }
  }

  private void require(Descriptor blob) throws IOException {
    var content =
        blobs
            .open(repository, blob.digest())
            .orElseThrow(
                () -> unknown("the manifest names %s, which is not here".formatted(blob.digest())));
    if (content.size() != blob.size()) {
      throw new RegistryException(
          SIZE_INVALID,
          "the manifest says that %s has %d bytes, it has %d"
              .formatted(blob.digest(), blob.size(), content.size()));
    }
    required.put(blob.digest(), blob);
  }

  private void link(boolean inline) throws StorageException {
    for (var blob : linked(inline)) {
      blobs.link(repository, blob, push);
    }
    for (var child : children.keySet()) {
      store.put(Keys.child(repository, child, digest, push), EDGE);
    }
  }

  private boolean confirm() throws StorageException {
    for (var blob : required.keySet()) {
      if (!blobs.isUsable(blob)) {
        return false;
      }
    }
    for (var child : children.values()) {
      // In this order: a collector that has gone meanwhile took the child before its mark.
      if (isManifest(child) && (isMarked(child.digest()) || isMissing(child.digest()))) {
        return false;
      }
    }
    return true;
  }

  /// Whether it has gone since it was looked at.
  private boolean isMissing(Digest child) throws StorageException {
    return present.contains(child) && !exists(child);
  }

  /// A collector that marked it before this push named it may not know of this push.
  private boolean isMarked(Digest child) throws StorageException {
    return marks.isMarked(Keys.manifestMarks(repository, child));
  }

  private void withdraw(boolean inline) throws StorageException {
    for (var blob : linked(inline)) {
      blobs.unlink(repository, blob, push);
    }
    for (var child : children.keySet()) {
      store.delete(Keys.child(repository, child, digest, push));
    }
  }

  private List<Digest> linked(boolean inline) {
    var linked = new ArrayList<>(required.keySet());
    if (!inline) {
      linked.add(digest);
    }
    return linked;
  }

  private boolean exists(Digest child) throws StorageException {
    return store.exists(Keys.manifest(repository, child));
  }

  private static RegistryException unknown(String message) {
    return new RegistryException(MANIFEST_BLOB_UNKNOWN, message);
  }

  /// What a push wrote beside the manifest itself is removed, after the manifest is gone or belongs
  /// to another push. Links stay for the collector, which knows who else needs them.
  static void removeEdges(
      ObjectStore store, RepositoryName repository, Digest digest, ManifestTies ties)
      throws StorageException {
    @Nullable Digest subject = ties.subject();
    if (subject != null) {
      store.delete(Keys.referrer(repository, subject, digest, ties.push()));
    }
    for (var child : ties.children()) {
      store.delete(Keys.child(repository, child, digest, ties.push()));
    }
  }
}
