package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static dev.referee.registry.content.ContentFixture.SCOPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.storage.ContentUpload;
import dev.referee.registry.storage.FailingStore;
import dev.referee.registry.storage.HookedStore;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class UploadsTest {
  private static final Digest DIGEST = Digest.of("0123456789".getBytes(UTF_8));

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Test
  void goesOnWithTheHashItHas() throws Exception {
    var uploads = uploads();
    var id = uploads.begin(SCOPE);
    uploads.append(SCOPE, id, null, stream("0123"));
    uploads.append(SCOPE, id, new ByteSpan(4, 6), stream("456"));
    uploads.finish(SCOPE, id, null, stream("789"), DIGEST);

    assertStored();
  }

  /// Another process, or one that was restarted, reads what is there.
  @Test
  void computesTheHashItHasNot() throws Exception {
    var id = uploads().begin(SCOPE);
    uploads().append(SCOPE, id, null, stream("0123"));
    uploads().append(SCOPE, id, null, stream("456"));
    uploads().finish(SCOPE, id, null, stream("789"), DIGEST);

    assertStored();
  }

  /// Two processes take turns: the one that comes back has an old hash, and knows.
  @Test
  void doesNotTrustAHashOfAnEarlierOffset() throws Exception {
    var one = uploads();
    var two = uploads();
    var id = one.begin(SCOPE);
    one.append(SCOPE, id, null, stream("0123"));
    two.append(SCOPE, id, null, stream("456"));
    one.append(SCOPE, id, null, stream("7"));
    one.append(SCOPE, id, null, stream("89"));
    one.finish(SCOPE, id, null, stream(""), DIGEST);

    assertStored();
  }

  @Test
  void undoesAPieceThatBreaksOff() throws Exception {
    var uploads = uploads();
    var id = uploads.begin(SCOPE);
    uploads.append(SCOPE, id, null, stream("0123"));

    assertThatThrownBy(() -> uploads.append(SCOPE, id, null, breakingAfter("45")))
        .hasMessage("gone");

    assertThat(uploads.offset(SCOPE, id)).isEqualTo(4);
    uploads.finish(SCOPE, id, new ByteSpan(4, 9), stream("456789"), DIGEST);
    assertStored();
  }

  /// The store says only at the end of a request that it lost the piece. What is hashed on from a
  /// piece that never was would put other bytes under a digest.
  @Test
  void forgetsTheHashOfAPieceThatWasNotKept() throws Exception {
    var one = uploads(losesPieces(memory), UploadLimits.DEFAULT);
    var id = uploads().begin(SCOPE);
    assertThatThrownBy(() -> one.append(SCOPE, id, null, stream("0123")))
        .isInstanceOf(StorageException.class);
    uploads().append(SCOPE, id, null, stream("evil"));

    assertRefused(
        () -> one.finish(SCOPE, id, null, stream("456789"), DIGEST), ErrorCode.DIGEST_INVALID);

    assertThat(memory.keys()).noneMatch(key -> key.startsWith("blobs/"));
  }

  @Test
  void givesUpWhatNobodyTouches() throws Exception {
    var uploads = uploads(new UploadLimits(10, Duration.ofHours(1)));
    var id = uploads.begin(SCOPE);
    now.set(now.get().plus(Duration.ofMinutes(59)));
    assertThat(uploads.offset(SCOPE, id)).isZero();

    now.set(now.get().plus(Duration.ofMinutes(2)));

    assertUnknown(() -> uploads.offset(SCOPE, id));
    assertThat(memory.listUploads(null, 10)).isEmpty();
  }

  @Test
  void makesRoomByGivingUpTheIdle() throws Exception {
    var uploads = uploads(new UploadLimits(2, Duration.ofHours(1)));
    uploads.begin(SCOPE);
    uploads.begin(SCOPE);
    assertRefused(() -> uploads.begin(SCOPE), ErrorCode.TOOMANYREQUESTS);

    now.set(now.get().plus(Duration.ofHours(2)));

    uploads.begin(SCOPE);
    assertThat(memory.listUploads(null, 10)).hasSize(1);
  }

  /// What an earlier process left counts, too.
  @Test
  void countsWhatIsThere() throws Exception {
    var limits = new UploadLimits(2, Duration.ofHours(1));
    var id = uploads(limits).begin(SCOPE);
    uploads(limits).begin(SCOPE);
    var restarted = uploads(limits);

    assertRefused(() -> restarted.begin(SCOPE), ErrorCode.TOOMANYREQUESTS);
    restarted.cancel(SCOPE, id);
    restarted.begin(SCOPE);
  }

  /// Opening an upload to count it would lock out whoever writes it.
  @Test
  void countsWithoutOpening() throws Exception {
    uploads().begin(SCOPE);
    uploads().begin(SCOPE);
    var opened = new AtomicInteger();
    var store =
        HookedStore.after(
            memory,
            (method, _) -> {
              if (method.equals("resumeUpload")) {
                opened.incrementAndGet();
              }
            });
    var limits = new UploadLimits(3, Duration.ofHours(1));
    uploads(store, limits).begin(SCOPE);

    assertRefused(() -> uploads(store, limits).begin(SCOPE), ErrorCode.TOOMANYREQUESTS);
    assertThat(opened).hasValue(0);
  }

  /// One that cannot be read is no reason to take no other.
  @Test
  void countsPastWhatCannotBeRead() throws Exception {
    var broken = uploads().begin(SCOPE);
    var store =
        HookedStore.after(
            memory,
            (method, id) -> {
              if (id.equals(broken) && !method.equals("listUploads")) {
                throw new StorageException(StorageReason.CORRUPT, "not an upload", null);
              }
            });

    var uploads = uploads(store, new UploadLimits(1, Duration.ofHours(1)));
    uploads.begin(SCOPE);

    assertRefused(() -> uploads.begin(SCOPE), ErrorCode.TOOMANYREQUESTS);
    now.set(now.get().plus(Duration.ofHours(2)));
    uploads.giveUpIdle();
    assertThat(memory.listUploads(null, 10)).containsExactly(broken);
  }

  @Test
  void leavesNothingOfASingleUploadThatFails() throws Exception {
    var uploads = uploads();

    assertRefused(() -> uploads.single(SCOPE, stream("other"), DIGEST), ErrorCode.DIGEST_INVALID);
    assertThatThrownBy(() -> uploads.single(SCOPE, breakingAfter("01"), DIGEST)).hasMessage("gone");

    assertThat(memory.listUploads(null, 10)).isEmpty();
    assertThat(memory.keys()).isEmpty();
  }

  @Test
  void keepsAnUploadWhoseStoreFails() throws Exception {
    var id = uploads().begin(SCOPE);
    uploads().append(SCOPE, id, null, stream("0123456789"));
    var failing = new FailingStore(memory, 1, StorageReason.NO_SPACE);

    assertThatThrownBy(
            () ->
                uploads(failing, UploadLimits.DEFAULT).finish(SCOPE, id, null, stream(""), DIGEST))
        .isInstanceOf(StorageException.class);

    uploads().finish(SCOPE, id, null, stream(""), DIGEST);
    assertStored();
  }

  @Test
  void boundsABlob() {
    var bounded =
        new BoundedStream(
            stream("0123456789"),
            9,
            () -> new RegistryException(ErrorCode.SIZE_INVALID, 413, "too large"));

    assertRefused(bounded::readAllBytes, ErrorCode.SIZE_INVALID);
    assertThat(Descriptor.MAX_SIZE).isEqualTo(1L << 40);
  }

  @Test
  void belongsToItsRepository() throws Exception {
    var uploads = uploads();
    var id = uploads.begin(SCOPE);

    assertUnknown(
        () -> uploads.offset(new UploadScope(new RepositoryName("shop"), SCOPE.caller()), id));
    assertUnknown(() -> uploads.offset(new UploadScope(REPOSITORY, "user:eve"), id));
    assertUnknown(() -> uploads.offset(SCOPE, "0".repeat(32)));
    assertUnknown(() -> uploads.offset(SCOPE, "../" + id));
    // A crash while it was begun may leave no state.
    memory.beginUpload("f".repeat(32), new byte[0]).close();
    assertUnknown(() -> uploads.offset(SCOPE, "f".repeat(32)));
  }

  private Uploads uploads() {
    return uploads(UploadLimits.DEFAULT);
  }

  private Uploads uploads(UploadLimits limits) {
    return uploads(memory, limits);
  }

  private Uploads uploads(ObjectStore store, UploadLimits limits) {
    return new ContentFixture(store, clock, limits).content().uploads();
  }

  private void assertStored() throws IOException {
    var content =
        new ContentFixture(memory).content().blobs().open(REPOSITORY, DIGEST).orElseThrow();
    try (var stream = content.stream(0)) {
      assertThat(stream.readAllBytes()).isEqualTo("0123456789".getBytes(UTF_8));
    }
    assertThat(memory.listUploads(null, 10)).isEmpty();
  }

  /// A store whose uploads lose at their end what was appended, and say so.
  private static ObjectStore losesPieces(ObjectStore store) {
    return proxy(
        ObjectStore.class,
        (method, arguments) -> {
          var result = method.invoke(store, arguments);
          if (!method.getName().equals("resumeUpload")) {
            return result;
          }
          var upload = (ContentUpload) ((Optional<?>) result).orElseThrow();
          long before = upload.size();
          return Optional.of(
              proxy(
                  ContentUpload.class,
                  (called, parameters) -> {
                    if (!called.getName().equals("close") || upload.size() == before) {
                      return called.invoke(upload, parameters);
                    }
                    upload.truncate(before);
                    upload.close();
                    throw new StorageException(StorageReason.UNAVAILABLE, "lost", null);
                  }));
        });
  }

  private interface Call {
    Object of(Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return call.of(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertRefused(call, ErrorCode.BLOB_UPLOAD_UNKNOWN);
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static InputStream breakingAfter(String text) {
    return new SequenceInputStream(
        stream(text),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("gone");
          }
        });
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
