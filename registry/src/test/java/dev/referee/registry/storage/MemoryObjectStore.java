package dev.referee.registry.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A store without files, versions or anything else that an object store may lack. Survives
/// nothing.
public final class MemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Pending> uploads = new ConcurrentHashMap<>();

  /// Every key, for tests that look at what is left.
  public List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  @Override
  public void put(String key, byte[] content) {
    objects.put(ObjectKey.check(key), content.clone());
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(ObjectKey.check(key), content.clone()) == null;
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] content) {
    var replaced = new AtomicBoolean();
    objects.computeIfPresent(
        ObjectKey.check(key),
        (_, current) -> {
          replaced.set(Arrays.equals(current, expected));
          return replaced.get() ? content.clone() : current;
        });
    return replaced.get();
  }

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(objects.get(ObjectKey.check(key)));
  }

  @Override
  public boolean exists(String key) {
    return objects.containsKey(ObjectKey.check(key));
  }

  @Override
  public @Nullable String version(String keyOrPrefix) {
    return null;
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    ObjectKey.checkPrefix(prefix);
    if (limit < 0 || limit > MAX_LISTED) {
      throw new IllegalArgumentException("limit " + limit);
    }
    var from = after == null || after.compareTo(prefix) < 0 ? prefix : after;
    return objects.tailMap(from, false).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .limit(limit)
        .toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(ObjectKey.check(key));
  }

  @Override
  public Optional<StoredContent> open(String key) {
    return get(key).map(Content::new);
  }

  @Override
  public ContentUpload beginUpload(String id, byte[] state) throws StorageException {
    ObjectKey.check(id);
    if (id.indexOf('/') >= 0) {
      throw new IllegalArgumentException(id);
    }
    uploads.put(id, new Pending(state.clone()));
    return new Upload(id);
  }

  @Override
  public Optional<ContentUpload> resumeUpload(String id) throws StorageException {
    return uploads.containsKey(id) ? Optional.of(new Upload(id)) : Optional.empty();
  }

  @Override
  public Optional<Instant> uploadChanged(String id) {
    return Optional.ofNullable(uploads.get(id)).map(pending -> pending.lastChange);
  }

  @Override
  public List<String> listUploads(@Nullable String after, int limit) {
    return uploads.keySet().stream()
        .sorted()
        .filter(id -> after == null || id.compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  private static final class Pending {
    private final byte[] state;
    private final AtomicBoolean open = new AtomicBoolean();
    private byte[] data = {};
    private Instant lastChange = Instant.now();

    private Pending(byte[] state) {
      this.state = state;
    }
  }

  private static final class Content implements StoredContent {
    private final byte[] bytes;

    private Content(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public @Nullable Path file() {
      return null;
    }

    @Override
    public InputStream stream(long offset) {
      return new ByteArrayInputStream(
          bytes, Math.toIntExact(offset), bytes.length - Math.toIntExact(offset));
    }
  }

  private final class Upload implements ContentUpload {
    private final String id;
    private final Pending pending;

    private Upload(String id) throws StorageException {
      this.id = id;
      this.pending = java.util.Objects.requireNonNull(uploads.get(id));
      if (!pending.open.compareAndSet(false, true)) {
        throw new StorageException(StorageReason.BUSY, id + " is open", null);
      }
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public byte[] state() {
      return pending.state;
    }

    @Override
    public long size() {
      return pending.data.length;
    }

    @Override
    public Instant lastChange() {
      return pending.lastChange;
    }

    @Override
    public void append(InputStream content) throws IOException {
      var data = new ByteArrayOutputStream();
      data.writeBytes(pending.data);
      var piece = new byte[8192];
      for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
        data.write(piece, 0, count);
        pending.data = data.toByteArray();
      }
      pending.lastChange = Instant.now();
    }

    @Override
    public void truncate(long size) {
      pending.data = Arrays.copyOf(pending.data, Math.toIntExact(size));
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(pending.data);
    }

    @Override
    public void commit(String key) {
      put(key, pending.data);
      uploads.remove(id);
    }

    @Override
    public void abort() {
      uploads.remove(id);
    }

    @Override
    public void close() {
      pending.open.set(false);
    }
  }
}
