package dev.referee.registry.storage;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Locks by key between all threads and processes that share a folder, for the moment between
/// looking at a file and replacing it. A process that dies lets go of its locks.
final class KeyLocks {
  /// Few for any number of keys: they are held for microseconds.
  private static final int COUNT = 256;

  /// A process's locks on a file do not exclude its own threads. One set for all stores of the
  /// process, because two of them may share a folder.
  private static final List<ReentrantLock> OWN =
      Stream.generate(ReentrantLock::new).limit(COUNT).toList();

  private final Path folder;

  KeyLocks(Path folder) {
    this.folder = folder;
  }

  /// Something to do while a key is locked.
  ///
  /// @param <T> what comes of it
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  <T> T holding(String key, Step<T> step) throws IOException {
    int stripe = Math.floorMod(key.hashCode(), COUNT);
    var own = OWN.get(stripe);
    own.lock();
    // Opened each time and each its own file: an interrupted thread closes its channel, and closing
    // lets go of every lock that the process has on the file.
    try (var file = FileChannel.open(folder.resolve(Integer.toString(stripe)), CREATE, WRITE);
        var _ = file.lock()) {
      return step.run();
    } finally {
      own.unlock();
    }
  }
}
