package dev.referee.registry.content;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.storage.ContentUpload;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StoredContent;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Blobs and which repositories have them. Content is stored once; a repository has a blob while it
/// has a link to it, and reads nothing without one (CVE-2024-39897).
///
/// Links are written, and marks and generations looked at, in the order that a collector running at
/// the same time depends on: own link first, then its marks, then the generations. Any other order
/// loses data.
public final class Blobs {
  private static final byte[] LINK = {};

  /// The repositories that a mount without a source looks at. A client that is not helped uploads.
  private static final int MAX_MOUNT_SOURCES = 1000;

  private final ObjectStore store;
  private final Repositories repositories;
  private final PushIds ids;
  private final EmptyJson emptyJson;
  private final CollectionMarks marks;

  public Blobs(ObjectStore store, Repositories repositories, PushIds ids) {
    this.store = store;
    this.repositories = repositories;
    this.ids = ids;
    this.emptyJson = new EmptyJson(store);
    this.marks = new CollectionMarks(store, ids);
  }

  /// A blob of a repository.
  public Optional<StoredContent> open(RepositoryName repository, Digest digest)
      throws StorageException {
    if (EmptyJson.is(digest)) {
      return emptyJson.open(repository);
    }
    return isLinked(repository, digest) ? content(digest) : Optional.empty();
  }

  /// Gives a repository what was uploaded and proven to have this digest.
  void add(RepositoryName repository, Digest digest, ContentUpload upload) throws StorageException {
    repositories.ensure(repository);
    if (EmptyJson.is(digest)) {
      emptyJson.restore(repository);
      upload.abort();
      return;
    }
    store.put(Keys.link(digest, repository, ids.next()), LINK);
    if (isUsable(digest, upload.size())) {
      upload.abort();
    } else {
      upload.commit(Keys.generation(digest, ids.next()));
    }
  }

  /// Gives a repository a blob that another one has.
  ///
  /// @param from where to look; null for everywhere
  /// @param readable where somebody may look at all; what is elsewhere is not there for them
  /// @return false when there is no such blob
  public boolean mount(
      RepositoryName repository,
      Digest digest,
      @Nullable RepositoryName from,
      Predicate<RepositoryName> readable)
      throws StorageException {
    if (EmptyJson.is(digest)) {
      repositories.ensure(repository);
      emptyJson.restore(repository);
      return true;
    }
    boolean found =
        from == null
            ? isLinkedWhere(digest, readable)
            : readable.test(from) && isLinked(from, digest);
    if (!found || content(digest).isEmpty()) {
      return false;
    }
    repositories.ensure(repository);
    var push = ids.next();
    link(repository, digest, push);
    if (isUsable(digest)) {
      return true;
    }
    unlink(repository, digest, push);
    return false;
  }

  /// Takes a blob from a repository. Its content stays for others, and for the collector.
  ///
  /// @return false when the repository does not have it
  public boolean delete(RepositoryName repository, Digest digest) throws StorageException {
    if (EmptyJson.is(digest)) {
      return emptyJson.delete(repository);
    }
    boolean found = false;
    var prefix = Keys.links(digest, repository);
    for (var links = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !links.isEmpty();
        links = store.list(prefix, null, ObjectStore.MAX_LISTED)) {
      found = true;
      for (var link : links) {
        store.delete(link);
      }
    }
    return found;
  }

  /// Links a blob for a push, before anything is looked at.
  void link(RepositoryName repository, Digest digest, String push) throws StorageException {
    if (EmptyJson.is(digest)) {
      emptyJson.restore(repository);
    } else {
      store.put(Keys.link(digest, repository, push), LINK);
    }
  }

  void unlink(RepositoryName repository, Digest digest, String push) throws StorageException {
    if (!EmptyJson.is(digest)) {
      store.delete(Keys.link(digest, repository, push));
    }
  }

  boolean isLinkedBy(RepositoryName repository, Digest digest, String push)
      throws StorageException {
    return EmptyJson.is(digest)
        ? emptyJson.open(repository).isPresent()
        : store.exists(Keys.link(digest, repository, push));
  }

  /// Whether content can be counted on by whoever has linked it before. What is marked may be gone
  /// in a moment.
  boolean isUsable(Digest digest) throws StorageException {
    return EmptyJson.is(digest) || newestUnmarked(digest) != null;
  }

  /// The same, of this size: content that was cut off is replaced by a fresh upload.
  boolean isUsable(Digest digest, long size) throws StorageException {
    var generation = newestUnmarked(digest);
    return generation != null
        && store.open(generation).filter(content -> content.size() == size).isPresent();
  }

  /// Stores small content that is linked already.
  void store(Digest digest, byte[] content) throws StorageException {
    if (!isUsable(digest, content.length)) {
      store.put(Keys.generation(digest, ids.next()), content);
    }
  }

  /// The content of a digest, whoever has it. The newest generation: an upload may have replaced a
  /// damaged one.
  Optional<StoredContent> content(Digest digest) throws StorageException {
    if (digest.equals(Descriptor.EMPTY_JSON.digest())) {
      return Optional.of(EmptyJson.CONTENT);
    }
    var generations = store.list(Keys.generations(digest), null, ObjectStore.MAX_LISTED);
    return generations.isEmpty() ? Optional.empty() : store.open(generations.getLast());
  }

  private boolean isLinked(RepositoryName repository, Digest digest) throws StorageException {
    return !store.list(Keys.links(digest, repository), null, 1).isEmpty();
  }

  private boolean isLinkedWhere(Digest digest, Predicate<RepositoryName> readable)
      throws StorageException {
    var prefix = Keys.links(digest);
    var next = store.list(prefix, null, 1);
    for (int looked = 0; !next.isEmpty() && looked < MAX_MOUNT_SOURCES; looked++) {
      var key = next.getFirst();
      var source = RepositoryName.ofSegment(key.substring(prefix.length(), key.lastIndexOf('/')));
      if (readable.test(source)) {
        return true;
      }
      next = store.list(prefix, Keys.behindLinks(digest, source), 1);
    }
    return false;
  }

  private @Nullable String newestUnmarked(Digest digest) throws StorageException {
    var marked = new HashSet<String>();
    for (var mark : store.list(Keys.marks(digest), null, ObjectStore.MAX_LISTED)) {
      int tilde = mark.indexOf('~');
      if (marks.isAlive(mark.substring(tilde + 1))) {
        marked.add(mark.substring(mark.lastIndexOf('/') + 1, tilde));
      }
    }
    // Only after the marks: a generation that is listed now and was not marked before stays.
    var generations = store.list(Keys.generations(digest), null, ObjectStore.MAX_LISTED);
    for (var generation : generations.reversed()) {
      if (!marked.contains(generation.substring(generation.lastIndexOf('/') + 1))) {
        return generation;
      }
    }
    return null;
  }
}
