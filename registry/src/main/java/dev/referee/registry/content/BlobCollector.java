package dev.referee.registry.content;

import dev.referee.oci.Digest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StoredContent;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes links that no manifest needs, and content that no link holds.
///
/// Content goes by the protocol that [Blobs] is the other side of: the collector marks a
/// generation, then lists the links, and removes exactly that generation if there is none. Whoever
/// wants the content writes a link, then lists the marks, then the generations. So either sees the
/// other, whatever they do at the same time; `CollectionModelTest` tries everything they can do.
final class BlobCollector {
  private static final Logger LOG = LoggerFactory.getLogger(BlobCollector.class);

  private final ObjectStore store;
  private final CollectionPolicy policy;
  private final Instant old;
  private final CollectorSign sign;
  private final Set<Long> needed;
  private final Set<String> untouched;
  private long links;
  private long generations;
  private long bytes;

  /// @param needed the fingerprints of the pushes whose manifests stay, and of what those manifests
  ///   name that was not there
  /// @param untouched the repositories, as segments, of which every link stays
  BlobCollector(
      ObjectStore store,
      CollectionPolicy policy,
      Instant began,
      CollectorSign sign,
      Set<Long> needed,
      Set<String> untouched) {
    this.store = store;
    this.policy = policy;
    // By the time at which it began: a manifest that came later has younger links.
    this.old = began.minus(policy.grace());
    this.sign = sign;
    this.needed = needed;
    this.untouched = untouched;
  }

  long links() {
    return links;
  }

  long generations() {
    return generations;
  }

  long bytes() {
    return bytes;
  }

  void collect() throws StorageException {
    removeLinks();
    removeContent();
  }

  /// A push of a repository, or a digest that it wants, in 64 bits. Two that are the same keep a
  /// link too long and no more.
  static long fingerprint(String repositorySegment, String pushOrDigest) {
    long hash = 0xcbf29ce484222325L;
    var text = repositorySegment + "/" + pushOrDigest;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  private void removeLinks() throws StorageException {
    for (var keys = store.list(Keys.LINKS, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(Keys.LINKS, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        if (!isNeeded(key)) {
          links++;
          if (policy.dryRun()) {
            LOG.debug("would remove the link {}", key);
          } else {
            store.delete(key);
          }
        }
      }
    }
  }

  private boolean isNeeded(String link) {
    var segments = link.split("/", -1);
    var push = segments[4];
    return push.equals(EmptyJson.DELETED)
        || !PushIds.timeOf(push).isBefore(old)
        || untouched.contains(segments[3])
        || needed.contains(fingerprint(segments[3], push))
        || needed.contains(fingerprint(segments[3], segments[1] + ":" + segments[2]));
  }

  private void removeContent() throws StorageException {
    for (var keys = store.list(Keys.BLOBS, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(Keys.BLOBS, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        sign.give();
        if (PushIds.timeOf(Keys.name(key)).isBefore(old)) {
          collect(key, Keys.digest(key, 1, 3));
        }
      }
    }
  }

  private void collect(String generation, Digest digest) throws StorageException {
    // A look before the mark, so that what is in use is never marked without need.
    if (isLinked(digest)) {
      return;
    }
    long size = store.open(generation).map(StoredContent::size).orElse(0L);
    if (policy.dryRun()) {
      LOG.info("would collect {} of {} bytes: no repository has it", digest, size);
      generations++;
      bytes += size;
      return;
    }
    var mark = Keys.mark(digest, Keys.name(generation), sign.collector());
    if (!isUnlinked(digest, mark)) {
      return;
    }
    store.delete(generation);
    // Others' marks of a generation that is gone say nothing any more.
    for (var one : store.list(Keys.marks(digest), null, ObjectStore.MAX_LISTED)) {
      if (Keys.name(one).startsWith(Keys.name(generation) + "~")) {
        store.delete(one);
      }
    }
    generations++;
    bytes += size;
  }

  /// Marks a generation and looks again. The mark stays only if there is no link: what is marked
  /// counts as gone for every push.
  private boolean isUnlinked(Digest digest, String mark) throws StorageException {
    boolean unlinked = false;
    var since = sign.now();
    try {
      store.put(mark, new byte[0]);
      unlinked = !isLinked(digest) && sign.isSteadySince(since);
      return unlinked;
    } finally {
      if (!unlinked) {
        boolean interrupted = Thread.interrupted();
        try {
          store.delete(mark);
        } finally {
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        }
      }
    }
  }

  private boolean isLinked(Digest digest) throws StorageException {
    if (policy.dryRun()) {
      // The links that would have gone before are still there.
      return store.list(Keys.links(digest), null, ObjectStore.MAX_LISTED).stream()
          .anyMatch(this::isNeeded);
    }
    return !store.list(Keys.links(digest), null, 1).isEmpty();
  }
}
