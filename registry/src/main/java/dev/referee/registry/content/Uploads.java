package dev.referee.registry.content;

import static dev.referee.registry.content.ErrorCode.BLOB_UPLOAD_INVALID;
import static dev.referee.registry.content.ErrorCode.BLOB_UPLOAD_UNKNOWN;
import static dev.referee.registry.content.ErrorCode.DIGEST_INVALID;
import static dev.referee.registry.content.ErrorCode.SIZE_INVALID;
import static dev.referee.registry.content.ErrorCode.TOOMANYREQUESTS;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.storage.ContentUpload;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Blobs on their way in, in one request or many (distribution-spec v1.1.1, "Pushing Blobs").
///
/// An upload belongs to its repository and to whoever began it: with its id alone nobody else can
/// touch it, nor from another repository (CVE-2026-32589). How far it has come is known here, never
/// taken from the client. A piece that fails leaves it as it was.
public final class Uploads {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// 128 bits that nobody guesses.
  private static final int ID_BYTES = 16;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int MAX_STATE_BYTES = 4096;

  /// A hash is a few hundred bytes; one that was forgotten is computed anew.
  private static final int MAX_HASHES = 10_000;

  private final ObjectStore store;
  private final Blobs blobs;
  private final UploadLimits limits;
  private final InstantSource clock;
  private final UploadCount count;
  private final SecureRandom random = new SecureRandom();
  private final Cache<String, RunningHash> hashes =
      Caffeine.newBuilder().maximumSize(MAX_HASHES).build();

  Uploads(ObjectStore store, Blobs blobs, UploadLimits limits, InstantSource clock) {
    this.store = store;
    this.blobs = blobs;
    this.limits = limits;
    this.clock = clock;
    this.count = new UploadCount(store, limits, clock);
  }

  /// Begins an upload.
  ///
  /// @return its id
  public String begin(UploadScope scope) throws IOException {
    if (!count.add()) {
      throw new RegistryException(
          TOOMANYREQUESTS,
          "%d uploads are unfinished already; finish or cancel some".formatted(limits.count()));
    }
    try (var upload = create(scope)) {
      return upload.id();
    }
  }

  /// How many bytes of an upload have arrived.
  public long offset(UploadScope scope, String id) throws IOException {
    try (var upload = resume(scope, id)) {
      return upload.size();
    }
  }

  /// Appends a piece.
  ///
  /// @param span where the client says it belongs; null when it does not say
  /// @return how many bytes have arrived with it
  /// @throws RegistryException with `BLOB_UPLOAD_INVALID` for a piece out of order, or of another
  ///   length than said
  public long append(UploadScope scope, String id, @Nullable ByteSpan span, InputStream content)
      throws IOException {
    long size;
    MessageDigest hasher;
    try (var upload = resume(scope, id)) {
      // Which digest comes at the end is not known yet; SHA-256 is what everybody uses.
      var hash = hash(upload, DigestAlgorithm.SHA256);
      hasher = hash == null ? null : hash.copy();
      appendTo(upload, span, content, hasher);
      size = upload.size();
    }
    // Only now is the piece kept: others may write something else in its place until then.
    if (hasher != null) {
      hashes.put(id, new RunningHash(DigestAlgorithm.SHA256, size, hasher));
    }
    return size;
  }

  /// Appends a last piece, which may be empty, and makes the whole a blob of the repository.
  ///
  /// @throws RegistryException with `DIGEST_INVALID` when it hashes to something else
  public void finish(
      UploadScope scope, String id, @Nullable ByteSpan span, InputStream content, Digest digest)
      throws IOException {
    try (var upload = resume(scope, id)) {
      complete(scope.repository(), upload, span, content, digest);
      hashes.invalidate(id);
      count.remove();
    }
  }

  /// Stores a blob that arrives in one request.
  ///
  /// @throws RegistryException with `DIGEST_INVALID` when it hashes to something else
  public void single(UploadScope scope, InputStream content, Digest digest) throws IOException {
    try (var upload = create(scope)) {
      try {
        complete(scope.repository(), upload, null, content, digest);
      } catch (IOException e) {
        upload.abort();
        throw e;
      }
    }
  }

  /// Gives an upload up.
  public void cancel(UploadScope scope, String id) throws IOException {
    try (var upload = resume(scope, id)) {
      upload.abort();
      hashes.invalidate(id);
      count.remove();
    }
  }

  /// Gives up what nobody has touched for long, and finishes what others began to remove.
  public void giveUpIdle() throws IOException {
    count.giveUpIdle();
  }

  private void complete(
      RepositoryName repository,
      ContentUpload upload,
      @Nullable ByteSpan span,
      InputStream content,
      Digest digest)
      throws IOException {
    long before = upload.size();
    var hash = hash(upload, digest.algorithm());
    var hasher = hash == null ? null : hash.copy();
    appendTo(upload, span, content, hasher);
    var actual =
        Digest.ofHasher(
            digest.algorithm(), hasher == null ? rehash(upload, digest.algorithm()) : hasher);
    if (!actual.equals(digest)) {
      // The last piece may have been the wrong one: what was there before it stays.
      upload.truncate(before);
      throw new RegistryException(
          DIGEST_INVALID, "the content has the digest %s, not %s".formatted(actual, digest));
    }
    blobs.add(repository, digest, upload);
  }

  private static void appendTo(
      ContentUpload upload,
      @Nullable ByteSpan span,
      InputStream content,
      @Nullable MessageDigest hasher)
      throws IOException {
    long before = upload.size();
    if (span != null && span.start() != before) {
      throw new RegistryException(
          BLOB_UPLOAD_INVALID,
          "the piece begins at byte %d, the upload is at byte %d".formatted(span.start(), before));
    }
    try {
      var bounded = bounded(span, content, before);
      upload.append(hasher == null ? bounded : new DigestInputStream(bounded, hasher));
      if (span != null && upload.size() - before != span.length()) {
        throw otherLength(span);
      }
    } catch (IOException e) {
      upload.truncate(before);
      throw e;
    }
  }

  private static InputStream bounded(@Nullable ByteSpan span, InputStream content, long before) {
    return span != null
        ? new BoundedStream(content, span.length(), () -> otherLength(span))
        : new BoundedStream(
            content,
            Descriptor.MAX_SIZE - before,
            () ->
                new RegistryException(
                    SIZE_INVALID,
                    413,
                    "a blob has at most %d bytes".formatted(Descriptor.MAX_SIZE)));
  }

  private static RegistryException otherLength(ByteSpan span) {
    return new RegistryException(
        BLOB_UPLOAD_INVALID,
        "the piece does not have the %d bytes that its range says".formatted(span.length()));
  }

  /// The hash of everything so far, if it is known without reading.
  private @Nullable RunningHash hash(ContentUpload upload, DigestAlgorithm algorithm) {
    if (upload.size() == 0) {
      return RunningHash.begin(algorithm);
    }
    var known = hashes.getIfPresent(upload.id());
    return known != null && known.algorithm() == algorithm && known.offset() == upload.size()
        ? known
        : null;
  }

  private static MessageDigest rehash(ContentUpload upload, DigestAlgorithm algorithm)
      throws IOException {
    var hasher = algorithm.newHasher();
    try (var content = new DigestInputStream(upload.content(), hasher)) {
      content.transferTo(OutputStream.nullOutputStream());
    }
    return hasher;
  }

  private ContentUpload create(UploadScope scope) throws StorageException {
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    var state =
        JSON.createObjectNode()
            .put("repository", scope.repository().value())
            .put("caller", scope.caller());
    return store.beginUpload(HexFormat.of().formatHex(id), state.toString().getBytes(UTF_8));
  }

  private ContentUpload resume(UploadScope scope, String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      throw unknown();
    }
    var upload = open(id);
    try {
      if (!isOf(upload, scope)) {
        throw unknown();
      }
      if (upload.lastChange().plus(limits.idle()).isBefore(clock.instant())) {
        upload.abort();
        count.remove();
        throw unknown();
      }
      return upload;
    } catch (IOException e) {
      upload.close();
      throw e;
    }
  }

  private ContentUpload open(String id) throws IOException {
    try {
      return store.resumeUpload(id).orElseThrow(Uploads::unknown);
    } catch (StorageException e) {
      if (e.reason() == StorageReason.BUSY) {
        throw new RegistryException(
            BLOB_UPLOAD_INVALID, "another request is writing this upload; ask where it is");
      }
      throw e;
    }
  }

  private static boolean isOf(ContentUpload upload, UploadScope scope) {
    try {
      var state = StrictJson.readObject(upload.state(), MAX_STATE_BYTES);
      return scope.repository().value().equals(state.optionalText("repository"))
          && scope.caller().equals(state.optionalText("caller"));
    } catch (MalformedContentException e) {
      // A crash while it was begun; nobody was told its id.
      return false;
    }
  }

  private static RegistryException unknown() {
    return new RegistryException(BLOB_UPLOAD_UNKNOWN, "there is no such upload here");
  }
}
