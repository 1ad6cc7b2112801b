package dev.referee.registry.content;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.registry.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Keeps what was read of small objects. Every use asks the store whether the object is still the
/// same, so that a change by another process shows at once: a registry that trusted its memory here
/// served deleted content (CVE-2026-35172).
///
/// @param <T> what an object means
final class VersionedCache<T> {
  private record Entry<T>(String version, T value) {}

  /// Makes something of an object's bytes.
  @FunctionalInterface
  interface Reader<T> {
    T read(byte[] content) throws IOException;
  }

  private final ObjectStore store;
  private final Cache<String, Entry<T>> entries;

  /// @param maxWeight bound on the sum of the weights of all that is kept
  VersionedCache(ObjectStore store, long maxWeight, ToIntFunction<T> weight) {
    this.store = store;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxWeight)
            .<String, Entry<T>>weigher(
                (key, entry) -> key.length() + weight.applyAsInt(entry.value()))
            .build();
  }

  Optional<T> get(String key, Reader<T> reader) throws IOException {
    // Before the content: content that is newer than its version is read again, never kept too
    // long.
    var version = store.version(key);
    if (version != null) {
      var entry = entries.getIfPresent(key);
      if (entry != null && entry.version().equals(version)) {
        return Optional.of(entry.value());
      }
    }
    var content = store.get(key);
    if (content.isEmpty()) {
      entries.invalidate(key);
      return Optional.empty();
    }
    var value = reader.read(content.get());
    if (version != null) {
      entries.put(key, new Entry<>(version, value));
    }
    return Optional.of(value);
  }
}
