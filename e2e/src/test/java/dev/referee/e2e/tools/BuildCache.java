package dev.referee.e2e.tools;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Where built tools stay between runs: one folder a module and key, in the user's cache, so that
/// every checkout of the same pins shares them.
public final class BuildCache {
  /// Builds of pins that nobody used for so long are removed; a control plane is 290 MB.
  private static final Duration KEPT_UNUSED = Duration.ofDays(30);

  private final Path root;

  public BuildCache(Path root) {
    this.root = requireNonNull(root, "root is null");
  }

  /// The cache of this user: `referee-e2e` in `XDG_CACHE_HOME`, or in `.cache` of the home folder.
  public static BuildCache ofUser() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static BuildCache of(Map<String, String> environment, Path home) {
    var xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification has relative paths ignored.
    var base = xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache");
    return new BuildCache(base.resolve("referee-e2e"));
  }

  Path root() {
    return root;
  }

  /// Where the tool is once it is built.
  Path binary(GoTool tool) {
    return folder(tool.module()).resolve(tool.name());
  }

  boolean has(GoTool tool) {
    return Files.isExecutable(binary(tool));
  }

  /// Remembers that the module's builds are in use.
  void touch(GoModule module) throws IOException {
    Files.setLastModifiedTime(folder(module), FileTime.from(Instant.now()));
  }

  /// The file whose lock whoever builds the tool holds, in this process or another.
  FileChannel lockFile(GoTool tool) throws IOException {
    Files.createDirectories(folder(tool.module()));
    return FileChannel.open(binary(tool).resolveSibling(tool.name() + ".lock"), CREATE, WRITE);
  }

  /// Removes the builds of other pins of the same module that were not used for 30 days.
  void prune(GoModule module) throws IOException {
    var oldest = FileTime.from(Instant.now().minus(KEPT_UNUSED));
    for (var folder : folders(module)) {
      if (Files.getLastModifiedTime(folder).compareTo(oldest) < 0) {
        TemporaryFolder.delete(folder);
      }
    }
  }

  private Path folder(GoModule module) {
    return root.resolve(module.name()).resolve(module.key());
  }

  private List<Path> folders(GoModule module) throws IOException {
    try (var folders = Files.list(root.resolve(module.name()))) {
      return folders.filter(folder -> !folder.equals(folder(module))).toList();
    }
  }
}
