package dev.referee.registry.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Lists the files below a folder in the order of their keys' bytes, as object stores list. A
/// folder counts with its slash: `a-b/x` comes before `a/x`, because `-` comes before `/`.
final class FolderListing {
  private final @Nullable String after;
  private final int limit;
  private final List<String> keys = new ArrayList<>();

  private FolderListing(@Nullable String after, int limit) {
    this.after = after;
    this.limit = limit;
  }

  /// @param prefix the key of the folder, with its slash
  static List<String> list(Path folder, String prefix, @Nullable String after, int limit)
      throws IOException {
    var listing = new FolderListing(after, limit);
    listing.add(folder, prefix);
    return listing.keys;
  }

  private void add(Path folder, String prefix) throws IOException {
    for (var entry : entries(folder, prefix)) {
      if (keys.size() == limit) {
        return;
      }
      if (entry.endsWith("/")) {
        add(folder.resolve(entry.substring(0, entry.length() - 1)), prefix + entry);
      } else {
        keys.add(prefix + entry);
      }
    }
  }

  /// The first entries that can matter, in order; folders end in a slash.
  private List<String> entries(Path folder, String prefix) throws IOException {
    int wanted = limit - keys.size();
    // The largest on top: a folder of any size takes no more memory than what is wanted of it.
    var files = new PriorityQueue<String>((a, b) -> b.compareTo(a));
    // Folders may turn out empty, so all of them stay.
    var folders = new ArrayList<String>();
    try (var stream = Files.newDirectoryStream(folder)) {
      for (var path : stream) {
        var name = String.valueOf(path.getFileName());
        boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (isFolder && mayHold(prefix + name + "/")) {
          folders.add(name + "/");
        } else if (!isFolder && (after == null || (prefix + name).compareTo(after) > 0)) {
          files.add(name);
          if (files.size() > wanted) {
            files.poll();
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    folders.addAll(files);
    folders.sort(null);
    return folders;
  }

  private boolean mayHold(String folderKey) {
    return after == null || folderKey.compareTo(after) > 0 || after.startsWith(folderKey);
  }
}
