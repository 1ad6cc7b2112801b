package dev.referee.registry.content;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  /// The first repositories that somebody may see, in the order in which they are kept.
  ///
  /// @param last only those behind this one; null for all
  public List<RepositoryName> list(
      @Nullable RepositoryName last, int limit, Predicate<RepositoryName> visible)
      throws StorageException {
    var found = new ArrayList<RepositoryName>();
    var after = last == null ? null : Keys.repository(last);
    for (var keys = store.list(Keys.REPOSITORIES, after, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(Keys.REPOSITORIES, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        var name = RepositoryName.ofSegment(key.substring(Keys.REPOSITORIES.length()));
        if (visible.test(name)) {
          found.add(name);
          if (found.size() == limit) {
            return found;
          }
        }
      }
    }
    return found;
  }

  void ensure(RepositoryName repository) throws StorageException {
    if (!exists(repository)) {
      store.put(Keys.repository(repository), MARKER);
      known.put(repository, true);
    }
  }
}
