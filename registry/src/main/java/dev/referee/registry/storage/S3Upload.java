package dev.referee.registry.storage;

import static dev.referee.registry.storage.SegmentBuffers.SEGMENT_BYTES;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An upload as segments and, between two requests, an object that lists them.
///
/// What is open is locked by a conditional PUT of that object. Whoever finds a lock that is old
/// takes it; the other's next PUT then fails, and nothing is deleted before such a PUT succeeded.
/// Segments have names that are used once, so two that write at the same time never write the same
/// one.
///
/// An upload that comes in one request and fits one segment is a single PUT under its key.
final class S3Upload implements ContentUpload {
  /// Longer than any request waits for its client or the bucket without a word.
  private static final Duration ABANDONED = Duration.ofMinutes(15);

  private static final Duration RENEWED = Duration.ofMinutes(5);

  private static final int PIECE_BYTES = 64 << 10;
  private static final int FIRST_BUFFER_BYTES = 256 << 10;

  private final S3ObjectStore store;
  private final MemoryBudget.Share memory;
  private final String id;
  private UploadState state;
  private @Nullable String etag;
  private boolean ended;
  // Somebody else has it: everything that is left of it is theirs.
  private boolean lost;
  private boolean wrote;
  // A commit was sent, whatever came of it.
  private boolean tried;

  // What has arrived: full segments in the bucket, and the rest here, or still there: it is fetched
  // when it is needed.
  private List<String> full = new ArrayList<>();
  private byte[] rest = {};
  private int restLength;
  private boolean fetched = true;
  // The same at the beginning of the last append, to go back to. The bytes are the first ones of
  // the rest until that is written.
  private List<String> fullBefore = List.of();
  private byte @Nullable [] restBefore;
  private int restLengthBefore;

  S3Upload(
      S3ObjectStore store,
      MemoryBudget.Share memory,
      String id,
      UploadState state,
      @Nullable String etag) {
    this.store = store;
    this.memory = memory;
    this.id = id;
    this.state = state;
    this.etag = etag;
  }

  /// Makes sure that nobody else has it open.
  void lock() throws StorageException {
    if (state.holder() != null && state.held().plus(ABANDONED).isAfter(store.now())) {
      throw S3ObjectStore.busy(id);
    }
    save(state.heldBy(UUID.randomUUID().toString(), store.now()));
    full = new ArrayList<>(state.segments());
    restLength = Math.toIntExact(state.size() % SEGMENT_BYTES);
    if (restLength > 0) {
      full.removeLast();
      fetched = false;
    }
    remember();
  }

  /// Fetches the segment that is not full.
  private void fetch() throws StorageException {
    if (fetched) {
      return;
    }
    var key = segmentKey(state.segments().getLast());
    memory.hold(restLength);
    var read = store.bucket().get(key, SEGMENT_BYTES);
    if (read.isEmpty() || read.get().content().length != restLength) {
      throw new StorageException(
          StorageReason.CORRUPT, "%s is not what upload %s left".formatted(key, id), null);
    }
    rest = read.get().content();
    fetched = true;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] state() {
    return state.owner();
  }

  @Override
  public long size() {
    return (long) full.size() * SEGMENT_BYTES + restLength;
  }

  @Override
  public Instant lastChange() {
    return state.changed();
  }

  @Override
  public void append(InputStream content) throws IOException {
    fetch();
    remember();
    var piece = new byte[PIECE_BYTES];
    for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
      for (int taken = 0; taken < count; ) {
        int length = Math.min(count - taken, SEGMENT_BYTES - restLength);
        ensureRest(restLength + length);
        System.arraycopy(piece, taken, rest, restLength, length);
        restLength += length;
        taken += length;
        if (restLength == SEGMENT_BYTES) {
          flush();
          renew();
        }
      }
    }
  }

  /// Writes a full segment. A client that is slow with the next one holds no memory for it.
  private void flush() throws StorageException {
    full.add(writeRest());
    if (restBefore == null) {
      restBefore = Arrays.copyOf(rest, restLengthBefore);
    }
    rest = new byte[0];
    restLength = 0;
    memory.hold(restBefore.length);
  }

  /// A request that lasts long keeps its lock.
  private void renew() throws StorageException {
    if (etag != null && state.held().plus(RENEWED).isBefore(store.now())) {
      save(state.heldBy(state.holder(), store.now()));
    }
  }

  @Override
  public void truncate(long newSize) {
    if (newSize == size()) {
      return;
    }
    long before = (long) fullBefore.size() * SEGMENT_BYTES + restLengthBefore;
    if (newSize != before) {
      throw new IllegalArgumentException(
          "%d is not the size before the last append, %d".formatted(newSize, before));
    }
    // Segments that are no longer named are removed with the upload.
    full = new ArrayList<>(fullBefore);
    if (restBefore != null) {
      rest = restBefore;
      restBefore = null;
    }
    restLength = restLengthBefore;
  }

  @Override
  public InputStream content() throws StorageException {
    fetch();
    var segments = new SegmentList(id, full, (long) full.size() * SEGMENT_BYTES);
    var stored = new SegmentedContent(store.bucket(), store.dataPrefix(), segments);
    return new SequenceInputStream(stored.stream(0), new ByteArrayInputStream(rest, 0, restLength));
  }

  @Override
  public void commit(String key) throws StorageException {
    var earlier = state.committing();
    if (earlier != null && store.exists(earlier)) {
      // Two objects of the same segments could not go one without the other.
      throw new StorageException(
          StorageReason.UNAVAILABLE, "upload %s is %s already".formatted(id, earlier), null);
    }
    fetch();
    var last = shortSegment();
    if (full.isEmpty()) {
      if (etag != null) {
        save(state.committingTo(key).heldBy(state.holder(), store.now()));
      }
      tried = true;
      store.bucket().put(store.object(key), rest, restLength, Map.of());
    } else {
      var names = new ArrayList<>(full);
      if (restLength > 0) {
        names.add(writeRest());
      }
      // Written down first: whoever cleans up after a crash here looks whether the object is there.
      save(
          state
              .with(names, size(), store.now())
              .committingTo(key)
              .heldBy(state.holder(), store.now()));
      tried = true;
      store
          .bucket()
          .put(store.object(key), new SegmentList(id, names, size()).encode(), SegmentList.mark());
    }
    if (etag != null) {
      confirm(key);
      if (full.isEmpty() && (wrote || last != null)) {
        // None of its segments is part of the object.
        save(state.atItsEnd().heldBy(state.holder(), store.now()));
        store.deleteSegments(id);
      } else {
        // That it was ours when it was written down is what allows to delete anything.
        forget(last);
      }
      store.bucket().delete(store.uploadKey(id));
    }
    end();
  }

  /// A commit that took so long that somebody may have taken the upload over, and removed the
  /// segments of an object that was not there yet.
  private void confirm(String key) throws StorageException {
    if (state.held().plus(RENEWED).isBefore(store.now())) {
      try {
        save(state.heldBy(state.holder(), store.now()));
      } catch (StorageException e) {
        store.bucket().delete(store.object(key));
        throw e;
      }
    }
  }

  @Override
  public void abort() throws StorageException {
    if (tried) {
      // What failed may have arrived, or arrive: whoever finds the upload idle will know.
      end();
      return;
    }
    if (etag != null) {
      // Another may have taken it over: then nothing of it is ours to delete.
      save(state.atItsEnd().heldBy(state.holder(), store.now()));
      remove();
    }
    end();
  }

  /// Whether an upload that is being removed has been left by whoever removed it.
  boolean isLeft() {
    return state.held().plus(ABANDONED).isBefore(store.now());
  }

  /// Removes what is left of an upload that was said to end: its segments, unless they are an
  /// object's.
  void remove() throws StorageException {
    var committed = state.committing();
    if (committed == null || !store.exists(committed)) {
      store.deleteSegments(id);
    }
    store.bucket().delete(store.uploadKey(id));
  }

  @Override
  public void close() throws StorageException {
    if (ended) {
      return;
    }
    if (lost) {
      end();
      return;
    }
    // Nothing was added: then the last segment is there already.
    var last = shortSegment();
    try {
      var names = new ArrayList<>(full);
      if (restLength > 0) {
        names.add(last != null && size() == state.size() ? last : writeRest());
      }
      save(state.with(names, size(), store.now()).heldBy(null, store.now()));
      if (last != null && !names.contains(last)) {
        forget(last);
      }
    } finally {
      end();
    }
  }

  /// The segment that is not full, of those that were there when it was opened.
  private @Nullable String shortSegment() {
    return state.size() % SEGMENT_BYTES == 0 ? null : state.segments().getLast();
  }

  /// A segment that a longer one has replaced.
  private void forget(@Nullable String name) throws StorageException {
    if (name != null) {
      store.bucket().delete(segmentKey(name));
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      memory.close();
      store.leave(id);
    }
  }

  /// Writes the state, which nobody else must have written since.
  private void save(UploadState changed) throws StorageException {
    var content = changed.encode();
    var written = store.bucket().putIf(store.uploadKey(id), content, etag);
    if (written.isEmpty()) {
      // A request that was repeated finds what it wrote itself.
      var found = store.bucket().get(store.uploadKey(id), ObjectStore.MAX_OBJECT_BYTES);
      if (found.isEmpty() || !Arrays.equals(found.get().content(), content)) {
        lost = true;
        throw S3ObjectStore.busy(id);
      }
      etag = found.get().etag();
    } else {
      etag = written.get();
    }
    state = changed;
  }

  private String writeRest() throws StorageException {
    if (etag == null) {
      // There is nothing of it but this yet: if all else is lost, this says what can go.
      save(state.heldBy(UUID.randomUUID().toString(), store.now()));
    }
    wrote = true;
    var name = UUID.randomUUID().toString();
    store.bucket().put(segmentKey(name), rest, restLength, Map.of());
    return name;
  }

  private String segmentKey(String name) {
    return store.dataPrefix() + id + "/" + name;
  }

  private void remember() {
    fullBefore = List.copyOf(full);
    restBefore = null;
    restLengthBefore = restLength;
  }

  private void ensureRest(int length) throws StorageException {
    if (rest.length < length) {
      int grown = Math.max(FIRST_BUFFER_BYTES, Math.max(length, rest.length * 2));
      int size = Math.min(SEGMENT_BYTES, grown);
      // The old one is not needed once it is copied, and what is gone back to is small.
      memory.hold((long) size + (restBefore == null ? 0 : restBefore.length));
      rest = Arrays.copyOf(rest, size);
    }
  }
}
