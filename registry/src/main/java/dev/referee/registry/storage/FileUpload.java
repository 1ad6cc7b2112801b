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
import org.jspecify.annotations.Nullable;

/// An upload as a folder of two files, the owner's state and the data so far. The data file's lock
/// keeps a second writer out, in this process or another.
final class FileUpload implements ContentUpload {
  private static final String STATE = "state.json";
  private static final String DATA = "data";

  /// An owner's state is a few names.
  private static final int MAX_STATE_BYTES = 64 << 10;

  private static final int PIECE_BYTES = 128 << 10;

  private final FileObjectStore store;
  private final Path folder;
  private final FileChannel data;
  private final byte[] state;
  private long size;

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
    try {
      Files.createDirectory(folder);
      Files.write(folder.resolve(STATE), state, CREATE_NEW, WRITE);
      var data = FileChannel.open(folder.resolve(DATA), CREATE_NEW, READ, WRITE);
      return new FileUpload(store, folder, locked(data, folder), state);
    } catch (IOException e) {
      throw FileObjectStore.failure("beginning an upload failed", e);
    }
  }

  static Optional<ContentUpload> resume(FileObjectStore store, Path folder)
      throws StorageException {
    try {
      // The data file is made last and goes first: where it is, the upload is whole.
      var data = locked(FileChannel.open(folder.resolve(DATA), READ, WRITE), folder);
      try (var stateFile = Files.newInputStream(folder.resolve(STATE))) {
        return Optional.of(
            new FileUpload(store, folder, data, stateFile.readNBytes(MAX_STATE_BYTES)));
      } catch (IOException e) {
        data.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      removeAbandoned(folder);
      return Optional.empty();
    } catch (IOException e) {
      throw FileObjectStore.failure("resuming an upload failed", e);
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
  public InputStream content() throws IOException {
    return Files.newInputStream(folder.resolve(DATA));
  }

  @Override
  public void commit(String key) throws StorageException {
    try {
      data.force(true);
      store.adopt(folder.resolve(DATA), key);
      data.close();
      removeFolder();
    } catch (IOException e) {
      throw FileObjectStore.failure("committing %s failed".formatted(key), e);
    }
  }

  @Override
  public void abort() throws StorageException {
    try {
      Files.deleteIfExists(folder.resolve(DATA));
      data.close();
      removeFolder();
    } catch (IOException e) {
      throw FileObjectStore.failure("aborting an upload failed", e);
    }
  }

  @Override
  public void close() throws StorageException {
    try {
      data.close();
    } catch (IOException e) {
      throw FileObjectStore.failure("closing an upload failed", e);
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

  private static FileChannel locked(FileChannel data, Path folder) throws IOException {
    try {
      if (data.tryLock() != null) {
        return data;
      }
    } catch (OverlappingFileLockException e) {
      // By this process: the same answer.
    }
    data.close();
    throw new StorageException(
        StorageReason.BUSY,
        "upload %s is being written by another request".formatted(folder.getFileName()),
        null);
  }
}
