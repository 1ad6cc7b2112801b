package dev.referee.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A store that dies: some writes succeed, and from then on nothing does. It also remembers what
/// was asked of it, in order.
public final class FailingStore implements ObjectStore {
  private final ObjectStore store;
  private final StorageReason reason;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private int writesLeft;

  /// @param writes how many writes succeed
  public FailingStore(ObjectStore store, int writes, StorageReason reason) {
    this.store = store;
    this.writesLeft = writes;
    this.reason = reason;
  }

  /// A store that only remembers.
  public static FailingStore recording(ObjectStore store) {
    return new FailingStore(store, Integer.MAX_VALUE, StorageReason.UNAVAILABLE);
  }

  /// What was asked: a verb and a key each.
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private synchronized void write(String verb, String key) throws StorageException {
    calls.add(verb + " " + key);
    if (writesLeft == 0) {
      throw new StorageException(reason, "the store is gone", null);
    }
    writesLeft--;
  }

  @Override
  public void put(String key, byte[] content) throws StorageException {
    write("put", key);
    store.put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StorageException {
    write("put", key);
    return store.putIfAbsent(key, content);
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] content) throws StorageException {
    write("put", key);
    return store.replace(key, expected, content);
  }

  @Override
  public Optional<byte[]> get(String key) throws StorageException {
    calls.add("get " + key);
    return store.get(key);
  }

  @Override
  public boolean exists(String key) throws StorageException {
    calls.add("exists " + key);
    return store.exists(key);
  }

  @Override
  public @Nullable String version(String keyOrPrefix) throws StorageException {
    return store.version(keyOrPrefix);
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit)
      throws StorageException {
    calls.add("list " + prefix);
    return store.list(prefix, after, limit);
  }

  @Override
  public void delete(String key) throws StorageException {
    write("delete", key);
    store.delete(key);
  }

  @Override
  public Optional<StoredContent> open(String key) throws StorageException {
    calls.add("open " + key);
    return store.open(key);
  }

  @Override
  public ContentUpload beginUpload(String id, byte[] state) throws StorageException {
    write("begin", "upload");
    return new Upload(store.beginUpload(id, state));
  }

  @Override
  public Optional<ContentUpload> resumeUpload(String id) throws StorageException {
    return store.resumeUpload(id).map(Upload::new);
  }

  @Override
  public Optional<Instant> uploadChanged(String id) throws StorageException {
    return store.uploadChanged(id);
  }

  @Override
  public List<String> listUploads(@Nullable String after, int limit) throws StorageException {
    return store.listUploads(after, limit);
  }

  private final class Upload implements ContentUpload {
    private final ContentUpload upload;

    private Upload(ContentUpload upload) {
      this.upload = upload;
    }

    @Override
    public String id() {
      return upload.id();
    }

    @Override
    public byte[] state() {
      return upload.state();
    }

    @Override
    public long size() {
      return upload.size();
    }

    @Override
    public Instant lastChange() {
      return upload.lastChange();
    }

    @Override
    public void append(InputStream content) throws IOException {
      write("append", "upload");
      upload.append(content);
    }

    @Override
    public void truncate(long size) throws StorageException {
      write("truncate", "upload");
      upload.truncate(size);
    }

    @Override
    public InputStream content() throws IOException {
      return upload.content();
    }

    @Override
    public void commit(String key) throws StorageException {
      write("put", key);
      upload.commit(key);
    }

    @Override
    public void abort() throws StorageException {
      write("abort", "upload");
      upload.abort();
    }

    @Override
    public void close() throws StorageException {
      upload.close();
    }
  }
}
