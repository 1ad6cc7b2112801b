package dev.referee.registry.storage;

import static dev.referee.registry.storage.DurableFolders.parentOf;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Objects as files: `objects/` holds each key as a path, `tmp/` what is being written and `up/`
/// what is being uploaded. All three are in one file system, so a rename publishes a file whole.
///
/// A file is written elsewhere, synced, renamed and its folders synced, in this order; a crash
/// leaves files in `tmp/` that nobody sees. `lock/` orders whoever replaces a file. Several
/// processes may share a root on one machine. Network file systems that cache attributes are not
/// supported.
public final class FileObjectStore implements ObjectStore {
  /// File times advance in steps; two changes within one step look like one. A file or folder older
  /// than this has no second change in the same step.
  private static final Duration TIME_STEP = Duration.ofSeconds(1);

  private final Path objects;
  private final Path temporary;
  private final Path uploads;
  private final DurableFolders folders;
  private final KeyLocks locks;

  private FileObjectStore(Path root) {
    this.objects = root.resolve("objects");
    this.temporary = root.resolve("tmp");
    this.uploads = root.resolve("up");
    this.folders = new DurableFolders(objects);
    this.locks = new KeyLocks(root.resolve("lock"));
  }

  /// Opens the store in a folder, which is made when it is missing. Reads nothing of what is in it.
  public static FileObjectStore open(Path root) throws StorageException {
    var store = new FileObjectStore(root.toAbsolutePath());
    try {
      Files.createDirectories(root.resolve("lock"));
      for (var folder : List.of(store.objects, store.temporary, store.uploads)) {
        Files.createDirectories(folder);
        DurableFolders.sync(parentOf(folder));
      }
      Leftovers.remove(store.temporary);
      return store;
    } catch (IOException e) {
      throw failure("the registry's folder %s cannot be used".formatted(root), e);
    }
  }

  @Override
  public void put(String key, byte[] content) throws StorageException {
    var file = file(key);
    try {
      folders.make(parentOf(file));
      if (content.length == 0) {
        touch(key, file);
      } else {
        publish(
            content,
            written ->
                locks.holding(
                    key, () -> Files.move(written, file, StandardCopyOption.ATOMIC_MOVE)));
      }
      folders.settle(parentOf(file));
    } catch (IOException e) {
      throw failure("writing %s failed".formatted(key), e);
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StorageException {
    var file = file(key);
    try {
      if (Files.exists(file)) {
        return false;
      }
      folders.make(parentOf(file));
      // Unlike a rename, a link never replaces what is there.
      publish(content, written -> Files.createLink(file, written));
      folders.settle(parentOf(file));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw failure("writing %s failed".formatted(key), e);
    }
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] content) throws StorageException {
    var file = file(key);
    if (!isStill(key, expected)) {
      return false;
    }
    try {
      var replaced = new AtomicBoolean();
      publish(
          content,
          written ->
              locks.holding(
                  key,
                  () -> {
                    replaced.set(isStill(key, expected));
                    return replaced.get()
                        ? Files.move(written, file, StandardCopyOption.ATOMIC_MOVE)
                        : written;
                  }));
      folders.settle(parentOf(file));
      return replaced.get();
    } catch (IOException e) {
      throw failure("writing %s failed".formatted(key), e);
    }
  }

  private boolean isStill(String key, byte[] expected) throws StorageException {
    var current = get(key);
    return current.isPresent() && Arrays.equals(current.get(), expected);
  }

  @Override
  public Optional<byte[]> get(String key) throws StorageException {
    try (var channel = FileChannel.open(file(key), READ)) {
      long size = channel.size();
      if (size > MAX_OBJECT_BYTES) {
        throw new StorageException(
            StorageReason.CORRUPT, "%s has %d bytes".formatted(key, size), null);
      }
      var content = ByteBuffer.allocate((int) size);
      while (content.hasRemaining()) {
        if (channel.read(content) < 0) {
          throw new IOException("the file ended early");
        }
      }
      return Optional.of(content.array());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (StorageException e) {
      throw e;
    } catch (IOException e) {
      return absentOrFailure(key, e);
    }
  }

  @Override
  public boolean exists(String key) {
    return Files.isRegularFile(file(key), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public @Nullable String version(String keyOrPrefix) throws StorageException {
    boolean prefix = keyOrPrefix.endsWith("/");
    var path = prefix ? objects.resolve(ObjectKey.checkPrefix(keyOrPrefix)) : file(keyOrPrefix);
    try {
      var attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var changed = attributes.lastModifiedTime().toInstant();
      if (attributes.isDirectory() != prefix
          || Duration.between(changed, Instant.now()).compareTo(TIME_STEP) < 0) {
        return null;
      }
      // A replaced file is another file, and an entry more or less changes its folder's time.
      return attributes.fileKey() + " " + changed;
    } catch (NoSuchFileException e) {
      // A list is empty until its folder is made; an object that is not there has no version.
      return prefix ? "none" : null;
    } catch (IOException e) {
      throw failure("looking at %s failed".formatted(keyOrPrefix), e);
    }
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit)
      throws StorageException {
    if (limit < 0 || limit > MAX_LISTED) {
      throw new IllegalArgumentException(
          "limit %d is not within 0..%d".formatted(limit, MAX_LISTED));
    }
    try {
      return FolderListing.list(
          objects.resolve(ObjectKey.checkPrefix(prefix)), prefix, after, limit);
    } catch (IOException e) {
      throw failure("listing %s failed".formatted(prefix), e);
    }
  }

  @Override
  public void delete(String key) throws StorageException {
    var file = file(key);
    try {
      if (locks.holding(key, () -> Files.deleteIfExists(file))) {
        DurableFolders.sync(parentOf(file));
      }
    } catch (NotDirectoryException e) {
      // Nothing is below a file.
    } catch (IOException e) {
      throw failure("deleting %s failed".formatted(key), e);
    }
  }

  @Override
  public Optional<StoredContent> open(String key) throws StorageException {
    var file = file(key);
    try {
      var attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          ? Optional.of(new FileContent(file, attributes.size()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return absentOrFailure(key, e);
    }
  }

  @Override
  public ContentUpload beginUpload(String id, byte[] state) throws StorageException {
    return FileUpload.begin(this, uploadFolder(id), state);
  }

  @Override
  public Optional<ContentUpload> resumeUpload(String id) throws StorageException {
    return FileUpload.resume(this, uploadFolder(id));
  }

  @Override
  public Optional<Instant> uploadChanged(String id) throws StorageException {
    return FileUpload.changed(uploadFolder(id));
  }

  @Override
  public List<String> listUploads(@Nullable String after, int limit) throws StorageException {
    try {
      return FileUpload.list(uploads, after, limit);
    } catch (IOException e) {
      throw failure("listing uploads failed", e);
    }
  }

  /// Publishes a file of this file system that is synced already.
  void adopt(Path written, String key) throws IOException {
    var file = file(key);
    folders.make(parentOf(file));
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    folders.settle(parentOf(file));
  }

  static StorageException failure(String what, IOException cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    var why = String.valueOf(cause.getMessage());
    boolean full = why.contains("No space left") || why.contains("Disk quota exceeded");
    return new StorageException(
        full ? StorageReason.NO_SPACE : StorageReason.UNAVAILABLE, what + ": " + cause, cause);
  }

  private Path file(String key) {
    return objects.resolve(ObjectKey.check(key));
  }

  private Path uploadFolder(String id) {
    if (id.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"%s\" is not an upload id".formatted(id));
    }
    return uploads.resolve(ObjectKey.check(id));
  }

  /// An empty file is whole as soon as it is there.
  private void touch(String key, Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      locks.holding(key, () -> Files.write(file, new byte[0]));
    }
  }

  /// What makes a file, written and synced elsewhere, appear under its name at once.
  @FunctionalInterface
  private interface Publication {
    void publish(Path written) throws IOException;
  }

  private void publish(byte[] content, Publication publication) throws IOException {
    var name = new byte[16];
    ThreadLocalRandom.current().nextBytes(name);
    var file = temporary.resolve(HexFormat.of().formatHex(name));
    try {
      try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
        var buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      publication.publish(file);
    } finally {
      // Renamed away, or a second name, or in the way of a full disk.
      Files.deleteIfExists(file);
    }
  }

  /// A path through a file is absent, whatever a file system calls it.
  private static <T> Optional<T> absentOrFailure(String key, IOException cause)
      throws StorageException {
    if (String.valueOf(cause.getMessage()).contains("Not a directory")
        || String.valueOf(cause.getMessage()).contains("Is a directory")) {
      return Optional.empty();
    }
    throw failure("reading %s failed".formatted(key), cause);
  }
}
