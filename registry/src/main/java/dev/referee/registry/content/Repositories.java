package dev.referee.registry.content;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;

/// Which repositories exist. One begins to exist with its first push and never ends.
public final class Repositories {
  /// Forgetting one costs a look into the store.
  private static final int MAX_KNOWN = 20_000;

  private static final byte[] MARKER = {};

  private final ObjectStore store;
  private final Cache<RepositoryName, Boolean> known =
      Caffeine.newBuilder().maximumSize(MAX_KNOWN).build();

  public Repositories(ObjectStore store) {
    this.store = store;
  }

  public boolean exists(RepositoryName repository) throws StorageException {
    if (known.getIfPresent(repository) != null) {
      return true;
    }
    boolean exists = store.exists(Keys.repository(repository));
    if (exists) {
      known.put(repository, true);
    }
    return exists;
  }

  void ensure(RepositoryName repository) throws StorageException {
    if (!exists(repository)) {
      store.put(Keys.repository(repository), MARKER);
      known.put(repository, true);
    }
  }
}
