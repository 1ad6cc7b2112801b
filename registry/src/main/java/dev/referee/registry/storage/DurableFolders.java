package dev.referee.registry.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Folders whose names survive a loss of power. A file that is synced inside a folder that is not
/// is lost all the same, so each new folder is synced into its parent before anything counts on it.
///
/// Folders are never removed, so one that was durable stays so.
final class DurableFolders {
  /// Known folders save a sync each; forgetting one costs a sync and nothing else.
  private static final int MAX_KNOWN = 50_000;

  private final Path root;
  private final Cache<Path, Boolean> known = Caffeine.newBuilder().maximumSize(MAX_KNOWN).build();

  DurableFolders(Path root) {
    this.root = root;
  }

  /// Makes a folder below the root, with all that lead to it, durable.
  void create(Path folder) throws IOException {
    if (folder.equals(root) || known.getIfPresent(folder) != null) {
      return;
    }
    var parent = parentOf(folder);
    create(parent);
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      // Somebody may have made it a moment ago and not synced it yet.
    }
    sync(parent);
    known.put(folder, true);
  }

  /// Makes the names in a folder durable: those added, replaced and removed.
  static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static Path parentOf(Path file) {
    var parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no parent");
    }
    return parent;
  }
}
