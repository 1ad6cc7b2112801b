package dev.referee.registry.storage;

import static dev.referee.registry.storage.StorageReason.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/// Objects in a bucket of an S3 service, shared by any number of processes that do not know each
/// other.
///
/// ```
/// o/<key>           an object: its content, or the list of its segments
/// d/<upload>/<n>    a segment of 8 MiB of what was uploaded; the last one may be shorter
/// u/<upload>        an upload that was begun: what its owner said, and its segments so far
/// ```
///
/// Content that was uploaded is never copied, moved or read back: committing it writes the list of
/// its segments. Segments are plain objects and not the parts of a multipart upload, because any
/// process can read them: so an upload can be continued, hashed and cut back by whoever has its id.
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
  private static final String PROBE = "probe/";

  private final S3Bucket bucket;
  private final String objects;
  private final String uploads;
  private final String data;
  private final MemoryBudget buffers;
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final InstantSource clock;

  private S3ObjectStore(S3Bucket bucket, String prefix, InstantSource clock, MemoryBudget buffers) {
    this.bucket = requireNonNull(bucket, "bucket is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.buffers = requireNonNull(buffers, "buffers is null");
    this.objects = prefix + "o/";
    this.uploads = prefix + "u/";
    this.data = prefix + "d/";
  }

  /// Opens a bucket with the credentials of the environment, and finds out whether its service can
  /// do what is needed.
  ///
  /// @throws StorageException when it cannot, or is not reached
  public static S3ObjectStore open(S3Settings settings) throws StorageException {
    return open(settings, DefaultCredentialsProvider.builder().build());
  }

  /// Opens a bucket with other credentials.
  ///
  /// @throws StorageException when its service cannot do what is needed, or is not reached
  public static S3ObjectStore open(S3Settings settings, AwsCredentialsProvider credentials)
      throws StorageException {
    return open(settings, credentials, InstantSource.system(), SegmentBuffers.ofHeap());
  }

  static S3ObjectStore open(
      S3Settings settings,
      AwsCredentialsProvider credentials,
      InstantSource clock,
      MemoryBudget buffers)
      throws StorageException {
    var bucket = S3Bucket.open(settings, credentials);
    try {
      probe(bucket, settings.prefix() + PROBE + UUID.randomUUID() + "/");
      return new S3ObjectStore(bucket, settings.prefix(), clock, buffers);
    } catch (StorageException e) {
      bucket.close();
      throw e;
    }
  }

  /// What a vendor says matters less than what its service does (a conditional PUT that was ignored
  /// would let two replicas write one upload).
  private static void probe(S3Bucket bucket, String prefix) throws StorageException {
    var key = prefix + "k";
    var one = "1".getBytes(UTF_8);
    var two = "2".getBytes(UTF_8);
    var etag = bucket.putIf(key, one, null);
    require(etag.isPresent(), "a PUT with If-None-Match of a new key");
    require(bucket.putIf(key, two, null).isEmpty(), "a PUT with If-None-Match that must fail");
    var changed = bucket.putIf(key, two, etag.orElseThrow());
    require(changed.isPresent(), "a PUT with If-Match");
    require(bucket.putIf(key, one, etag.orElseThrow()).isEmpty(), "a PUT with a stale If-Match");
    require(
        bucket.putIf(prefix + "absent", one, etag.orElseThrow()).isEmpty(),
        "a PUT with If-Match of a key that is not there");
    require(bucket.list(prefix, null, 10).equals(List.of(key)), "a list after a PUT");
    bucket.delete(key);
    require(bucket.list(prefix, null, 10).isEmpty(), "a list after a DELETE");
  }

  private static void require(boolean works, String what) throws StorageException {
    if (!works) {
      throw new StorageException(
          UNAVAILABLE,
          "the S3 service cannot keep a registry: %s does not work".formatted(what),
          null);
    }
  }

  @Override
  public void put(String key, byte[] content) throws StorageException {
    bucket.put(object(key), content, Map.of());
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StorageException {
    return bucket.putIf(object(key), content, null).isPresent();
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] content) throws StorageException {
    var read = bucket.get(object(key), MAX_OBJECT_BYTES);
    return read.isPresent()
        && Arrays.equals(read.get().content(), expected)
        && bucket.putIf(object(key), content, read.get().etag()).isPresent();
  }

  @Override
  public Optional<byte[]> get(String key) throws StorageException {
    var read = bucket.get(object(key), MAX_OBJECT_BYTES);
    if (read.isEmpty() || !SegmentList.isIn(read.get().metadata())) {
      return read.map(S3Bucket.Read::content);
    }
    var segments = SegmentList.decode(key, read.get().content());
    if (segments.size() > MAX_OBJECT_BYTES) {
      throw new StorageException(
          StorageReason.CORRUPT, "%s has %d bytes".formatted(key, segments.size()), null);
    }
    try (var stream = new SegmentedContent(bucket, data, segments).stream(0)) {
      return Optional.of(stream.readAllBytes());
    } catch (StorageException e) {
      throw e;
    } catch (IOException e) {
      throw new StorageException(UNAVAILABLE, "reading %s failed: %s".formatted(key, e), e);
    }
  }

  @Override
  public boolean exists(String key) throws StorageException {
    return bucket.head(object(key)).isPresent();
  }

  @Override
  public @Nullable String version(String keyOrPrefix) throws StorageException {
    if (keyOrPrefix.endsWith("/")) {
      ObjectKey.checkPrefix(keyOrPrefix);
      return null;
    }
    var head = bucket.head(object(keyOrPrefix));
    return head.isEmpty() ? null : head.get().eTag();
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit)
      throws StorageException {
    ObjectKey.checkPrefix(prefix);
    if (limit < 0 || limit > MAX_LISTED) {
      throw new IllegalArgumentException(
          "limit %d is not within 0..%d".formatted(limit, MAX_LISTED));
    }
    return bucket.list(objects + prefix, after == null ? null : objects + after, limit).stream()
        .map(key -> key.substring(objects.length()))
        .toList();
  }

  @Override
  public void delete(String key) throws StorageException {
    var read = bucket.head(object(key));
    if (read.isEmpty()) {
      return;
    }
    var list =
        SegmentList.isIn(read.get().metadata()) ? bucket.get(object(key), MAX_OBJECT_BYTES) : null;
    if (list == null || list.isEmpty()) {
      bucket.delete(object(key));
      return;
    }
    var upload = SegmentList.decode(key, list.get().content()).upload();
    // Written down first, so that somebody removes the segments whatever happens to us.
    var ending = UploadState.fresh(new byte[0], now()).committingTo(key).atItsEnd();
    var _ = bucket.putIf(uploads + upload, ending.encode(), null);
    bucket.delete(object(key));
    deleteSegments(upload);
    bucket.delete(uploads + upload);
  }

  @Override
  public Optional<StoredContent> open(String key) throws StorageException {
    var head = bucket.head(object(key));
    if (head.isEmpty()) {
      return Optional.empty();
    }
    if (!SegmentList.isIn(head.get().metadata())) {
      return Optional.of(new S3Content(bucket, object(key), head.get().contentLength()));
    }
    var read = bucket.get(object(key), MAX_OBJECT_BYTES);
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SegmentedContent(bucket, data, SegmentList.decode(key, read.get().content())));
  }

  @Override
  public ContentUpload beginUpload(String id, byte[] state) throws StorageException {
    checkId(id);
    enter(id);
    return new S3Upload(this, buffers.share(), id, UploadState.fresh(state, now()), null);
  }

  @Override
  public Optional<ContentUpload> resumeUpload(String id) throws StorageException {
    checkId(id);
    enter(id);
    boolean handedOver = false;
    try {
      var read = bucket.get(uploads + id, MAX_OBJECT_BYTES);
      if (read.isEmpty()) {
        return Optional.empty();
      }
      var state = UploadState.decode(id, read.get().content());
      var upload = new S3Upload(this, buffers.share(), id, state, read.get().etag());
      if (state.ending()) {
        if (upload.isLeft()) {
          upload.remove();
        }
        return Optional.empty();
      }
      upload.lock();
      handedOver = true;
      return Optional.of(upload);
    } finally {
      if (!handedOver) {
        leave(id);
      }
    }
  }

  @Override
  public Optional<Instant> uploadChanged(String id) throws StorageException {
    checkId(id);
    var read = bucket.get(uploads + id, MAX_OBJECT_BYTES);
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(UploadState.decode(id, read.get().content()).changed());
  }

  @Override
  public List<String> listUploads(@Nullable String after, int limit) throws StorageException {
    return bucket.list(uploads, after == null ? null : uploads + after, limit).stream()
        .map(key -> key.substring(uploads.length()))
        .toList();
  }

  @Override
  public void close() {
    bucket.close();
  }

  Instant now() {
    return clock.instant();
  }

  S3Bucket bucket() {
    return bucket;
  }

  String uploadKey(String id) {
    return uploads + id;
  }

  String dataPrefix() {
    return data;
  }

  String object(String key) {
    return objects + ObjectKey.check(key);
  }

  void deleteSegments(String upload) throws StorageException {
    for (var keys = bucket.list(data + upload + "/", null, MAX_LISTED);
        !keys.isEmpty();
        keys = bucket.list(data + upload + "/", null, MAX_LISTED)) {
      for (var key : keys) {
        bucket.delete(key);
      }
    }
  }

  void leave(String id) {
    open.remove(id);
  }

  private void enter(String id) throws StorageException {
    if (!open.add(id)) {
      throw busy(id);
    }
  }

  static StorageException busy(String id) {
    return new StorageException(
        StorageReason.BUSY, "upload %s is being written by another request".formatted(id), null);
  }

  private static void checkId(String id) {
    ObjectKey.check(id);
    if (id.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"%s\" is not an upload id".formatted(id));
    }
  }
}
