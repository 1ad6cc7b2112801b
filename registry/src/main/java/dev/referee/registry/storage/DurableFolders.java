package dev.referee.registry.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;

/// Folders whose names survive a loss of power. A file that is synced inside a folder that is not
/// is lost all the same, so each new folder is synced into its parent before anybody is told that
/// what is in it is kept.
///
/// All of that comes after the last change, and the innermost folder first: a file system with a
/// journal writes all of them by the first sync, and the others find nothing left to do.
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

  /// Makes a folder below the root, with all that lead to it.
  void make(Path folder) throws IOException {
    if (folder.equals(root) || known.getIfPresent(folder) != null || Files.isDirectory(folder)) {
      return;
    }
    make(parentOf(folder));
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  /// Makes the names in a folder durable, and the names of the folders that lead to it. Also of
  /// those that were there: whoever made them a moment ago may not have come so far yet.
  void settle(Path folder) throws IOException {
    sync(folder);
    var fresh = new ArrayList<Path>();
    for (var one = folder;
        !one.equals(root) && known.getIfPresent(one) == null;
        one = parentOf(one)) {
      sync(parentOf(one));
      fresh.add(one);
    }
    // Only now: until then nobody may count on a part of the way.
    fresh.forEach(one -> known.put(one, true));
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
