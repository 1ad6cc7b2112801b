package dev.referee.registry.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// An upload as a folder of two files, the owner's state and the data so far.
///
/// The data file's lock keeps other processes out. It is the process's, and gone as soon as the
/// process closes any descriptor of the file (POSIX, fcntl): so within a process a set of what is
/// open keeps a second writer out, before it opens the file, and what has arrived is read by the
/// descriptor that has the lock.
final class FileUpload implements ContentUpload {
  private static final String STATE = "state.json";
  private static final String DATA = "data";

  /// An owner's state is a few names.
  private static final int MAX_STATE_BYTES = 64 << 10;

  private static final int PIECE_BYTES = 128 << 10;

  /// The folders of uploads that this process has open, through whichever store.
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final FileObjectStore store;
  private final Path folder;
  private final FileChannel data;
  private final byte[] state;
  private long size;
  private boolean ended;

  private FileUpload(FileObjectStore store, Path folder, FileChannel data, byte[] state)
      throws IOException {
    this.store = store;
    this.folder = folder;
    this.data = data;
    this.state = state;
    this.size = data.size();
  }

  static ContentUpload begin(FileObjectStore store, Path folder, byte[] state)
      throws StorageException {
    enter(folder);
    FileUpload begun = null;
    try {
      Files.createDirectory(folder);
      Files.write(folder.resolve(STATE), state, CREATE_NEW, WRITE);
      var data = FileChannel.open(folder.resolve(DATA), CREATE_NEW, READ, WRITE);
      begun = new FileUpload(store, folder, locked(data, folder), state);
      return begun;
    } catch (IOException e) {
      throw FileObjectStore.failure("beginning an upload failed", e);
    } finally {
      if (begun == null) {
        OPEN.remove(folder);
      }
    }
  }

  static Optional<ContentUpload> resume(FileObjectStore store, Path folder)
      throws StorageException {
    enter(folder);
    FileUpload resumed = null;
    try {
      // The data file is made last and goes first: where it is, the upload is whole.
      var data = locked(FileChannel.open(folder.resolve(DATA), READ, WRITE), folder);
      try (var stateFile = Files.newInputStream(folder.resolve(STATE))) {
        resumed = new FileUpload(store, folder, data, stateFile.readNBytes(MAX_STATE_BYTES));
        return Optional.of(resumed);
      } finally {
        if (resumed == null) {
          data.close();
        }
      }
    } catch (NoSuchFileException e) {
      removeAbandoned(folder);
      return Optional.empty();
    } catch (IOException e) {
      throw FileObjectStore.failure("resuming an upload failed", e);
    } finally {
      if (resumed == null) {
        OPEN.remove(folder);
      }
    }
  }

  static Optional<Instant> changed(Path folder) throws StorageException {
    try {
      return Optional.of(Files.getLastModifiedTime(folder.resolve(DATA)).toInstant());
    } catch (NoSuchFileException e) {
      removeAbandoned(folder);
      return Optional.empty();
    } catch (IOException e) {
      throw FileObjectStore.failure("looking at an upload failed", e);
    }
  }

  static List<String> list(Path uploads, @Nullable String after, int limit) throws IOException {
    var ids = new ArrayList<String>();
    try (var folders = Files.newDirectoryStream(uploads)) {
      for (var folder : folders) {
        var id = String.valueOf(folder.getFileName());
        if (after == null || id.compareTo(after) > 0) {
          ids.add(id);
        }
      }
    }
    ids.sort(null);
    return List.copyOf(ids.subList(0, Math.min(limit, ids.size())));
  }

  @Override
  public String id() {
    return String.valueOf(folder.getFileName());
  }

  @Override
  public byte[] state() {
    return state;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Instant lastChange() {
    try {
      return Files.getLastModifiedTime(folder.resolve(DATA)).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public void append(InputStream content) throws IOException {
    var piece = new byte[PIECE_BYTES];
    // As much as there is: the stream blocks for its first byte only.
    for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
      try {
        var buffer = ByteBuffer.wrap(piece, 0, count);
        while (buffer.hasRemaining()) {
          size += data.write(buffer, size);
        }
      } catch (IOException e) {
        throw FileObjectStore.failure("writing an upload failed", e);
      }
    }
  }

  @Override
  public void truncate(long newSize) throws StorageException {
    try {
      data.truncate(newSize);
      size = newSize;
    } catch (IOException e) {
      throw FileObjectStore.failure("cutting back an upload failed", e);
    }
  }

  @Override
  public InputStream content() {
    return new Content();
  }

  @Override
  public void commit(String key) throws StorageException {
    try {
      data.force(true);
      store.adopt(folder.resolve(DATA), key);
      close();
      removeFolder();
    } catch (IOException e) {
      throw FileObjectStore.failure("committing %s failed".formatted(key), e);
    }
  }

  @Override
  public void abort() throws StorageException {
    try {
      Files.deleteIfExists(folder.resolve(DATA));
      close();
      removeFolder();
    } catch (IOException e) {
      throw FileObjectStore.failure("aborting an upload failed", e);
    }
  }

  @Override
  public void close() throws StorageException {
    if (ended) {
      return;
    }
    ended = true;
    try {
      data.close();
    } catch (IOException e) {
      throw FileObjectStore.failure("closing an upload failed", e);
    } finally {
      OPEN.remove(folder);
    }
  }

  /// What has arrived, read beside whatever is written.
  private final class Content extends InputStream {
    private long position;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = data.read(ByteBuffer.wrap(buffer, offset, length), position);
      position += Math.max(0, count);
      return count;
    }
  }

  private void removeFolder() throws IOException {
    Files.deleteIfExists(folder.resolve(STATE));
    Files.deleteIfExists(folder);
  }

  /// A crash between two steps leaves a folder without data, which nobody can resume.
  private static void removeAbandoned(Path folder) throws StorageException {
    try {
      if (Leftovers.isAbandoned(folder)) {
        Files.deleteIfExists(folder.resolve(STATE));
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw FileObjectStore.failure("removing an abandoned upload failed", e);
    }
  }

  private static void enter(Path folder) throws StorageException {
    if (!OPEN.add(folder)) {
      throw busy(folder);
    }
  }

  /// Locks what was opened.
  ///
  /// @throws NoSuchFileException when it became an object, or was given up, before it was locked
  static FileChannel locked(FileChannel data, Path folder) throws IOException {
    boolean locked = false;
    try {
      locked = data.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // By this process: the same answer.
    }
    if (locked && Files.exists(folder.resolve(DATA))) {
      return data;
    }
    data.close();
    if (locked) {
      throw new NoSuchFileException(folder.toString());
    }
    throw busy(folder);
  }

  private static StorageException busy(Path folder) {
    return new StorageException(
        StorageReason.BUSY,
        "upload %s is being written by another request".formatted(folder.getFileName()),
        null);
  }
}
