package dev.referee.deploy.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files of a layer, by path. Everything belongs to root and only root may write it, whatever
/// this machine says: the same content gives the same layer.
final class FileTree {
  static final int DIRECTORY_MODE = 0755;
  static final int FILE_MODE = 0644;
  static final int PROGRAM_MODE = 0755;

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  /// What stands at a path.
  sealed interface Entry {
    int mode();

    /// A folder.
    record Folder(int mode) implements Entry {}

    /// A file of this machine.
    record Copy(Path source, int mode) implements Entry {
      public Copy {
        requireNonNull(source, "source is null");
      }
    }

    /// A file that is written here.
    record Text(String content, int mode) implements Entry {
      public Text {
        requireNonNull(content, "content is null");
      }
    }

    /// A symbolic link.
    record Link(String target) implements Entry {
      public Link {
        requireNonNull(target, "target is null");
      }

      @Override
      public int mode() {
        return 0777;
      }
    }
  }

  /// Every path with its folders, sorted; none begins or ends with a slash.
  SortedMap<String, Entry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  FileTree folder(String path, int mode) {
    return put(path, new Entry.Folder(mode));
  }

  FileTree text(String path, String content) {
    return put(path, new Entry.Text(content, FILE_MODE));
  }

  FileTree link(String path, String target) {
    return put(path, new Entry.Link(target));
  }

  /// Adds a file; whether it is a program is kept, nothing else of its permissions.
  FileTree copy(String path, Path source) {
    return put(path, new Entry.Copy(source, Files.isExecutable(source) ? PROGRAM_MODE : FILE_MODE));
  }

  /// Adds everything below a folder, with links as they are.
  FileTree copyAll(String path, Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      for (var source : (Iterable<Path>) found::iterator) {
        if (source.equals(folder)) {
          continue;
        }
        var target = path + "/" + folder.relativize(source);
        if (Files.isSymbolicLink(source)) {
          link(target, Files.readSymbolicLink(source).toString());
        } else if (Files.isDirectory(source)) {
          folder(target, DIRECTORY_MODE);
        } else {
          copy(target, source);
        }
      }
    }
    return this;
  }

  private FileTree put(String path, Entry entry) {
    if (path.startsWith("/") || path.endsWith("/") || path.isEmpty()) {
      throw new IllegalArgumentException("\"%s\" is no path of a layer".formatted(path));
    }
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      entries.putIfAbsent(path.substring(0, slash), new Entry.Folder(DIRECTORY_MODE));
    }
    entries.put(path, entry);
    return this;
  }
}
