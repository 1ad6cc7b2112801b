package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.MediaType;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What each tag of a repository points at. The last writer wins, unless it says what must be
/// there.
public final class Tags {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What tags are made of (distribution-spec v1.1.1, "Pulling manifests"), in the order of bytes.
  private static final String CHARS =
      "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

  private static final int MAX_CHARS = 128;

  /// A tag's object is a digest and a few words.
  private static final int MAX_BYTES = 4096;

  /// Each is lost to somebody who succeeded.
  private static final int MAX_ATTEMPTS = 100;

  /// Some 50,000 tags.
  private static final long MAX_CACHED_WEIGHT = 16 << 20;

  private static final int WEIGHT = 128;

  private final ObjectStore store;
  private final InstantSource clock;
  private final VersionedCache<Digest> cache;
  private final Stripes locks = new Stripes();

  Tags(ObjectStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.cache = new VersionedCache<>(store, MAX_CACHED_WEIGHT, _ -> WEIGHT);
  }

  /// What a tag points at.
  public Optional<Digest> resolve(RepositoryName repository, String tag) throws IOException {
    var key = Keys.tag(repository, tag);
    return cache.get(key, content -> decode(key, content));
  }

  /// The first tags of a repository in the order of their bytes (distribution-spec v1.1.1, "Listing
  /// Tags").
  ///
  /// @param last only tags behind this one; null for all
  public List<String> list(RepositoryName repository, @Nullable String last, int limit)
      throws StorageException {
    var prefix = Keys.tags(repository);
    return store.list(prefix, last == null ? null : prefix + behind(last), limit).stream()
        .map(key -> key.substring(prefix.length()))
        .toList();
  }

  /// Where the tags behind a text begin, in characters that keys have: what a client says may be
  /// anything, and no store is asked for it.
  static String behind(String last) {
    for (int i = 0; i < last.length() && i < MAX_CHARS; i++) {
      char c = last.charAt(i);
      if (CHARS.indexOf(c) < 0) {
        var same = last.substring(0, i);
        int smaller = 0;
        while (smaller < CHARS.length() && CHARS.charAt(smaller) < c) {
          smaller++;
        }
        // Behind every tag that goes on with a smaller character: `~` is greater than all.
        return smaller == 0 ? same : same + CHARS.charAt(smaller - 1) + "~";
      }
    }
    return last.substring(0, Math.min(MAX_CHARS, last.length()));
  }

  /// Points a tag at a manifest.
  ///
  /// @param condition looked at in the same moment in which the tag changes, whoever else changes
  ///   it
  /// @return false when the condition does not hold
  boolean put(
      RepositoryName repository,
      String tag,
      Digest digest,
      MediaType mediaType,
      TagCondition condition)
      throws IOException {
    var node = JSON.createObjectNode();
    node.put("digest", digest.toString())
        .put("mediaType", mediaType.value())
        .put("at", clock.instant().toString());
    var content = node.toString().getBytes(UTF_8);
    var key = Keys.tag(repository, tag);
    var lock = locks.of(key);
    lock.lock();
    try {
      if (!condition.equals(TagCondition.ALWAYS)) {
        return putIf(key, content, condition);
      }
      store.put(key, content);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean putIf(String key, byte[] content, TagCondition condition) throws IOException {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      var current = store.get(key);
      if (current.isPresent() && Arrays.equals(current.get(), content)) {
        // Written by the attempt before, whose answer was lost.
        return true;
      }
      if (!condition.holds(current.isEmpty() ? null : decode(key, current.get()))) {
        return false;
      }
      boolean written =
          current.isEmpty()
              ? store.putIfAbsent(key, content)
              : store.replace(key, current.get(), content);
      if (written) {
        return true;
      }
    }
    throw new RegistryException(
        ErrorCode.UNAVAILABLE, "too many others change the tag at this moment; try again");
  }

  /// Removes a tag.
  ///
  /// @return false when there is none
  public boolean delete(RepositoryName repository, String tag) throws IOException {
    return delete(repository, tag, TagCondition.ALWAYS);
  }

  /// Removes a tag if a condition holds.
  ///
  /// @param condition looked at before; a change by another process within these microseconds is
  ///   not seen
  /// @return false when there is none
  /// @throws RegistryException with `PRECONDITION_FAILED` when the condition does not hold
  public boolean delete(RepositoryName repository, String tag, TagCondition condition)
      throws IOException {
    var key = Keys.tag(repository, tag);
    var lock = locks.of(key);
    lock.lock();
    try {
      var current = store.get(key);
      if (!condition.equals(TagCondition.ALWAYS)
          && !condition.holds(current.isEmpty() ? null : decode(key, current.get()))) {
        throw RegistryException.preconditionFailed();
      }
      if (current.isEmpty()) {
        return false;
      }
      store.delete(key);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Removes every tag that points at a manifest. Looks at all tags of the repository: manifests
  /// are deleted far less often than tags are listed, so nothing is kept for it.
  void deleteAllOf(RepositoryName repository, Digest digest) throws StorageException {
    var prefix = Keys.tags(repository);
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        deleteIfOf(key, digest);
      }
    }
  }

  /// The lock keeps a tag that moves at this moment; a tag that another process moves within these
  /// microseconds is lost, as if it had been moved just before.
  private void deleteIfOf(String key, Digest digest) throws StorageException {
    var lock = locks.of(key);
    lock.lock();
    try {
      var content = store.get(key);
      if (content.isPresent() && decode(key, content.get()).equals(digest)) {
        store.delete(key);
      }
    } finally {
      lock.unlock();
    }
  }

  private static Digest decode(String key, byte[] content) throws StorageException {
    try {
      return Digest.parse(StrictJson.readObject(content, MAX_BYTES).text("digest"));
    } catch (MalformedContentException e) {
      throw new StorageException(
          StorageReason.CORRUPT, "%s is not a tag: %s".formatted(key, e.getMessage()), e);
    }
  }
}
