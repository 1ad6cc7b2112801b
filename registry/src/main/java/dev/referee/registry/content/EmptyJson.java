package dev.referee.registry.content;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StoredContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The empty JSON object `{}`, config of most artifacts (image-spec v1.1, "Guidance for an empty
/// descriptor"). Every repository has it without an upload, which saves each signature one.
///
/// Somebody who deletes it is believed, until it is needed again.
final class EmptyJson {
  private static final Digest DIGEST = Descriptor.EMPTY_JSON.digest();
  private static final byte[] BYTES = {'{', '}'};
  private static final byte[] MARKER = {};

  /// In the place of a push's id, which begins with a digit.
  static final String DELETED = "deleted";

  static final StoredContent CONTENT =
      new StoredContent() {
        @Override
        public long size() {
          return BYTES.length;
        }

        @Override
        public @Nullable Path file() {
          return null;
        }

        @Override
        public InputStream stream(long offset) {
          int begin = Math.toIntExact(offset);
          return new ByteArrayInputStream(Arrays.copyOfRange(BYTES, begin, BYTES.length));
        }
      };

  private final ObjectStore store;

  EmptyJson(ObjectStore store) {
    this.store = store;
  }

  static boolean is(Digest digest) {
    return digest.equals(DIGEST);
  }

  Optional<StoredContent> open(RepositoryName repository) throws StorageException {
    return store.exists(deleted(repository)) ? Optional.empty() : Optional.of(CONTENT);
  }

  boolean delete(RepositoryName repository) throws StorageException {
    if (store.exists(deleted(repository))) {
      return false;
    }
    store.put(deleted(repository), MARKER);
    return true;
  }

  void restore(RepositoryName repository) throws StorageException {
    if (store.exists(deleted(repository))) {
      store.delete(deleted(repository));
    }
  }

  private static String deleted(RepositoryName repository) {
    return Keys.link(DIGEST, repository, DELETED);
  }
}
