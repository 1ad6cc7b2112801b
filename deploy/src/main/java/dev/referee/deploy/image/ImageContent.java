package dev.referee.deploy.image;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What stands where in the image. Layers that change seldom come first.
final class ImageContent {
  /// The user of every container; no name of a cluster's nodes has this number.
  static final int USER = 65532;

  private static final String HOME = "opt/referee";
  private static final String RUNTIME = HOME + "/runtime";
  static final String JARS = HOME + "/lib";

  /// What is not a choice of whoever starts a container. The archive of classes is made with the
  /// same, and of no use with others.
  static final List<String> OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final String CLASSES = HOME + "/referee.jsa";
  private static final String ARGUMENTS = HOME + "/java.args";
  private static final String OWN_PREFIX = "referee-";
  private static final int SHARED_FOLDER_MODE = 01777;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ImageContent() {}

  /// The operating system: users, where names are looked up, the C library.
  static FileTree system(Path runtime, Path work) throws IOException, InterruptedException {
    var tree = new FileTree();
    tree.text(
        "etc/passwd",
        "root:x:0:0:root:/:/nologin\nreferee:x:%1$d:%1$d:referee:/tmp:/nologin\n".formatted(USER));
    tree.text("etc/group", "root:x:0:\nreferee:x:%d:\n".formatted(USER));
    tree.text("etc/nsswitch.conf", "hosts: files dns\n");
    // Tells scanners whose packages these are.
    tree.text("etc/os-release", Files.readString(Path.of("/etc/os-release")));
    tree.folder("tmp", SHARED_FOLDER_MODE);
    SystemLibraries.addTo(tree, runtime, work);
    return tree;
  }

  static FileTree runtime(Path runtime) throws IOException {
    return new FileTree().copyAll(RUNTIME, runtime);
  }

  static FileTree libraries(Path jars) throws IOException {
    return jars(jars, name -> !name.startsWith(OWN_PREFIX));
  }

  /// Our own jars, and how Java is started with all of them.
  ///
  /// @param classes the archive of their classes, see [ClassArchive]
  static FileTree application(Path jars, Path classes) throws IOException {
    var tree = jars(jars, name -> name.startsWith(OWN_PREFIX));
    if (tree.entries().isEmpty()) {
      throw new IOException(jars + " has no jar of Referee");
    }
    return tree.copy(CLASSES, classes).text(ARGUMENTS, arguments(jars));
  }

  private static FileTree jars(Path jars, Predicate<String> names) throws IOException {
    var tree = new FileTree();
    for (var name : names(jars)) {
      if (names.test(name)) {
        tree.copy(JARS + "/" + name, jars.resolve(name));
      }
    }
    return tree;
  }

  /// Every jar, in the order of the class path.
  static List<String> names(Path jars) throws IOException {
    try (var files = Files.list(jars)) {
      return JarOrder.of(
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              .toList());
    }
  }

  /// An argument file of `java`. The class path is written out: its order must not depend on that
  /// of a folder.
  private static String arguments(Path jars) throws IOException {
    var lines = new ArrayList<>(OPTIONS);
    lines.add("-XX:SharedArchiveFile=/" + CLASSES);
    // What is not heap needs room, too: buffers, classes, stacks.
    lines.add("-XX:MaxRAMPercentage=60");
    // What the JIT took of the C library's memory goes back to the node.
    lines.add("-XX:TrimNativeHeapInterval=10000");
    // A pod that starts over is better than one that limps.
    lines.add("-XX:+ExitOnOutOfMemoryError");
    // Would be written where nothing may be written.
    lines.add("-XX:-UsePerfData");
    lines.add("-cp");
    lines.add(names(jars).stream().map(name -> "/" + JARS + "/" + name).collect(joining(":")));
    lines.add("dev.referee.cli.Main");
    return String.join("\n", lines) + "\n";
  }

  /// How a container is started, and what the image says of itself.
  static ObjectNode settings(String version) {
    var node = JSON.createObjectNode();
    node.put("User", USER + ":" + USER);
    // Memory of the C library for many threads stays taken: two parts of it do.
    node.putArray("Env").add("LANG=C.UTF-8").add("HOME=/tmp").add("MALLOC_ARENA_MAX=2");
    node.putArray("Entrypoint").add("/" + RUNTIME + "/bin/java").add("@/" + ARGUMENTS);
    node.putArray("Cmd").add("--help");
    node.put("WorkingDir", "/");
    node.putObject("Labels")
        .put(
            "org.opencontainers.image.description",
            "Lets a container image into a Kubernetes cluster only when its referrers speak for"
                + " it.")
        .put("org.opencontainers.image.licenses", "Apache-2.0")
        .put("org.opencontainers.image.title", "referee")
        .put("org.opencontainers.image.version", version);
    return node;
  }
}
