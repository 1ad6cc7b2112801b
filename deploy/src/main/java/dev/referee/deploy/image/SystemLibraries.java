package dev.referee.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The libraries of the operating system that a Java runtime is linked with, from the packages of
/// the distribution that this machine runs: fetched and checked by its package manager, never taken
/// from this machine's own files.
final class SystemLibraries {
  /// A line of `ldd`: a name or nothing, then where it is.
  private static final Pattern FOUND = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x");

  private SystemLibraries() {}

  /// What keeps them from being found here; empty when nothing does.
  static List<String> missingTools() {
    return Stream.of("apt-get", "dpkg-deb", "dpkg", "ldd")
        .filter(name -> Tool.find(name).isEmpty())
        .toList();
  }

  /// Adds the libraries, and what tells scanners which packages they are of.
  ///
  /// @param runtime the Java runtime
  /// @param work an empty folder
  static void addTo(FileTree tree, Path runtime, Path work)
      throws IOException, InterruptedException {
    var names = new TreeSet<String>();
    for (var library : linked(runtime)) {
      names.add(Path.of(library).getFileName().toString());
    }
    for (var owner : owners(linked(runtime))) {
      var unpacked = unpack(owner, work);
      addLibraries(tree, unpacked, names);
      addNotices(tree, unpacked, owner);
    }
    if (!names.isEmpty()) {
      throw new IOException("no package brings " + names);
    }
  }

  /// Every library outside of the runtime that something in it is linked with.
  private static SortedSet<String> linked(Path runtime) throws IOException, InterruptedException {
    var programs = new ArrayList<String>(List.of("ldd"));
    try (var files = Files.walk(runtime)) {
      files
          .filter(Files::isRegularFile)
          .filter(
              file -> file.toString().endsWith(".so") || file.equals(runtime.resolve("bin/java")))
          .sorted()
          .forEach(file -> programs.add(file.toString()));
    }
    var path = runtime.resolve("lib") + ":" + runtime.resolve("lib/server");
    var said = Tool.run(runtime, Map.of("LD_LIBRARY_PATH", path), programs.toArray(String[]::new));
    if (said.contains("not found")) {
      throw new IOException("a library of the Java runtime is not there:\n" + said);
    }
    var libraries = new TreeSet<String>();
    said.lines()
        .map(FOUND::matcher)
        .filter(matcher -> matcher.find())
        .map(matcher -> matcher.group(1))
        .filter(file -> !file.startsWith(runtime + "/"))
        .forEach(libraries::add);
    return libraries;
  }

  private static SortedSet<String> owners(SortedSet<String> libraries)
      throws IOException, InterruptedException {
    var owners = new TreeSet<String>();
    for (var library : libraries) {
      owners.add(owner(library));
    }
    return owners;
  }

  /// The package's name; it may know the file under the path before `/usr` was merged.
  private static String owner(String library) throws IOException, InterruptedException {
    var paths = library.startsWith("/usr/") ? library.substring(4) : "/usr" + library;
    for (var path : List.of(library, paths)) {
      try {
        var said = Tool.run(Path.of("/"), Map.of(), "dpkg", "-S", path);
        return said.substring(0, said.indexOf(':'));
      } catch (IOException _) {
        // The other one, then.
      }
    }
    throw new IOException("no package owns " + library);
  }

  private static Path unpack(String owner, Path work) throws IOException, InterruptedException {
    var download = Files.createDirectory(work.resolve(owner));
    // apt checks what it fetches, and lets go of root's rights where it can.
    Tool.run(
        download, Map.of(), "apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", owner);
    Path archive;
    try (var files = Files.list(download)) {
      archive =
          files
              .filter(file -> file.toString().endsWith(".deb"))
              .findFirst()
              .orElseThrow(() -> new IOException("apt-get brought no package " + owner));
    }
    var unpacked = download.resolve("files");
    Tool.run(download, Map.of(), "dpkg-deb", "-x", archive.toString(), unpacked.toString());
    Tool.run(download, Map.of(), "dpkg-deb", "-e", archive.toString(), "control");
    return unpacked;
  }

  /// Takes those of the names that are in the package off the list.
  private static void addLibraries(FileTree tree, Path unpacked, SortedSet<String> names)
      throws IOException {
    try (var files = Files.walk(unpacked)) {
      for (var file : (Iterable<Path>) files.sorted()::iterator) {
        var name = file.getFileName().toString();
        var path = unpacked.relativize(file).toString();
        if (!names.contains(name) && !isLoader(path)) {
          continue;
        }
        if (Files.isSymbolicLink(file)) {
          var target = Files.readSymbolicLink(file);
          tree.link(path, target.toString());
          // Inside of the package, whatever its root is called.
          var real =
              target.isAbsolute()
                  ? unpacked.resolve(target.toString().substring(1))
                  : file.resolveSibling(target).normalize();
          tree.copy(unpacked.relativize(real).toString(), real);
        } else {
          tree.copy(path, file);
        }
        names.remove(name);
        linkMerged(tree, path);
      }
    }
  }

  /// Programs name the loader with its whole path.
  private static boolean isLoader(String path) {
    return path.matches("(usr/)?lib(64)?/ld-linux[^/]*\\.so\\.[0-9]+");
  }

  /// Where a distribution keeps libraries below `/usr`, the old paths are links.
  private static void linkMerged(FileTree tree, String path) {
    if (path.startsWith("usr/lib")) {
      var folder = path.substring("usr/".length(), path.indexOf('/', "usr/".length()));
      tree.link(folder, "usr/" + folder);
    }
  }

  private static void addNotices(FileTree tree, Path unpacked, String owner) throws IOException {
    var copyright = unpacked.resolve("usr/share/doc/" + owner + "/copyright");
    if (Files.isRegularFile(copyright)) {
      tree.copy("usr/share/doc/" + owner + "/copyright", copyright);
    }
    var control = Files.readString(unpacked.resolveSibling("control").resolve("control"), UTF_8);
    tree.text("var/lib/dpkg/status.d/" + owner, control);
  }
}
