package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir Path root;

  @Override
  protected ObjectStore emptyStore() throws Exception {
    return FileObjectStore.open(root);
  }

  @Override
  protected ObjectStore reopened() throws Exception {
    return FileObjectStore.open(root);
  }

  @Test
  void seesNothingOfWhatACrashLeft() throws Exception {
    var store = emptyStore();
    store.put("k/1", "x".getBytes(UTF_8));
    Files.writeString(root.resolve("tmp/0123456789abcdef"), "half an obj");

    assertThat(reopened().list("k/", null, 10)).containsExactly("k/1");
  }

  @Test
  void removesWhatACrashLeftLongAgo() throws Exception {
    emptyStore();
    var old = Files.writeString(root.resolve("tmp/old"), "half an obj");
    var fresh = Files.writeString(root.resolve("tmp/fresh"), "being written");
    Files.setLastModifiedTime(old, LONG_AGO);

    reopened();

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void removesUploadsWithoutDataThatNobodyCanResume() throws Exception {
    var store = emptyStore();
    var broken = Files.createDirectory(root.resolve("up/broken"));
    Files.writeString(broken.resolve("state.json"), "{}");

    assertThat(store.resumeUpload("broken")).isEmpty();
    assertThat(broken).exists();
    Files.setLastModifiedTime(broken, LONG_AGO);
    assertThat(store.resumeUpload("broken")).isEmpty();
    assertThat(broken).doesNotExist();
  }

  /// A process that closes any descriptor of a file loses its locks on it.
  @Test
  void keepsOtherProcessesOutOfAnOpenUpload() throws Exception {
    var data = root.resolve("up/u1/data");
    try (var upload = emptyStore().beginUpload("u1", new byte[0])) {
      upload.append(new ByteArrayInputStream("x".getBytes(UTF_8)));
      assertThat(LockProbe.ask(data)).isEqualTo("locked");

      assertThatThrownBy(() -> reopened().resumeUpload("u1"))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.BUSY));
      assertThat(LockProbe.ask(data)).isEqualTo("locked");

      try (var content = upload.content()) {
        assertThat(content.readAllBytes()).isEqualTo("x".getBytes(UTF_8));
      }
      assertThat(LockProbe.ask(data)).isEqualTo("locked");
    }
    assertThat(LockProbe.ask(data)).isEqualTo("free");
  }

  /// Whoever opened the file before it became an object, and gets the lock after, has the object.
  @Test
  void resumesNothingThatBecameAnObjectMeanwhile() throws Exception {
    var store = emptyStore();
    store.beginUpload("u1", new byte[0]).close();
    var folder = root.resolve("up/u1");
    var data = folder.resolve("data");
    var channel = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (var upload = store.resumeUpload("u1").orElseThrow()) {
      upload.append(new ByteArrayInputStream("x".getBytes(UTF_8)));
      upload.commit("b/x");
    }

    assertThatThrownBy(() -> FileUpload.locked(channel, folder))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void leavesNothingBehindInTheTemporaryFolder() throws Exception {
    var store = emptyStore();
    store.put("a/b", "x".getBytes(UTF_8));
    store.putIfAbsent("a/c", "x".getBytes(UTF_8));
    store.putIfAbsent("a/c", "x".getBytes(UTF_8));
    assertThatThrownBy(() -> store.put("a/b/c", "x".getBytes(UTF_8)))
        .isInstanceOf(StorageException.class);

    assertThat(root.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void tellsVersionsApartOnceFilesHaveSettled() throws Exception {
    var store = emptyStore();
    store.put("v/k", "1".getBytes(UTF_8));
    // Just written: a second change could carry the same time.
    assertThat(store.version("v/k")).isNull();

    Files.setLastModifiedTime(root.resolve("objects/v/k"), LONG_AGO);
    Files.setLastModifiedTime(root.resolve("objects/v"), LONG_AGO);

    assertThat(store.version("v/k")).isNotNull().isEqualTo(reopened().version("v/k"));
    assertThat(store.version("v/")).isNotNull().isEqualTo(reopened().version("v/"));
    assertThat(store.version("w/")).isNotNull().isEqualTo(store.version("w/"));
  }

  @Test
  void saysWhichFolderCannotBeUsed() throws Exception {
    var file = Files.writeString(root.resolve("file"), "");

    assertThatThrownBy(() -> FileObjectStore.open(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void refusesAnObjectThatIsTooLargeToHaveBeenWritten() throws Exception {
    var store = emptyStore();
    store.put("a/b", "x".getBytes(UTF_8));
    try (var file = new java.io.RandomAccessFile(root.resolve("objects/a/b").toFile(), "rw")) {
      file.setLength(ObjectStore.MAX_OBJECT_BYTES + 1L);
    }

    assertThatThrownBy(() -> store.get("a/b"))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.CORRUPT));
  }
}
