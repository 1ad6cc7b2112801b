package dev.referee.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// The classes that every server loads at its start, as the JVM has them in memory: mapped, they
/// take half the processor time of being found, parsed and verified (JEP 310). The same runtime,
/// jars and names give the same bytes, which an archive that a running program leaves (JEP 350, JEP
/// 514) does not.
///
/// The names are a list in the project and not what a run at build time loads, since no two runs
/// load quite the same. A name that is not there any more does no harm.
final class ClassArchive {
  private static final String NAMES = "startup.classes";

  private ClassArchive() {}

  /// Makes the archive.
  ///
  /// @param runtime the image's own Java, the only one that can map it
  /// @param time when the jars were changed, as the image has it: another would make them others
  /// @param work a folder for what is needed meanwhile
  static Path dump(Path runtime, Path jars, Instant time, Path work)
      throws IOException, InterruptedException {
    // Paths are kept relative to where the jars are in the image, and not to this machine.
    var root = work.resolve("classes");
    var staged = Files.createDirectories(root.resolve(ImageContent.JARS));
    var names = ImageContent.names(jars);
    for (var name : names) {
      var copy = Files.copy(jars.resolve(name), staged.resolve(name));
      Files.setLastModifiedTime(copy, FileTime.from(time));
    }
    var list = work.resolve(NAMES);
    Files.writeString(list, names());
    var archive = work.resolve("referee.jsa");
    var command = new ArrayList<String>();
    command.add(runtime.resolve("bin/java").toAbsolutePath().toString());
    command.addAll(ImageContent.OPTIONS);
    command.add("-Xshare:dump");
    // One thread: the order of objects in it is always the same.
    command.add("-XX:+UseSerialGC");
    command.add("-XX:SharedClassListFile=" + list.toAbsolutePath());
    command.add("-XX:SharedArchiveFile=" + archive.toAbsolutePath());
    command.add("-Xlog:disable");
    command.add("-cp");
    command.add(names.stream().map(name -> ImageContent.JARS + "/" + name).collect(joining(":")));
    Tool.run(root, Map.of(), command.toArray(String[]::new));
    return archive;
  }

  private static String names() throws IOException {
    try (var resource = ClassArchive.class.getResourceAsStream(NAMES)) {
      if (resource == null) {
        throw new IOException(NAMES + " is not beside " + ClassArchive.class);
      }
      return new String(resource.readAllBytes(), UTF_8);
    }
  }
}
