package dev.referee.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives are read back by the tar of this machine.
class TarWriterTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final String LONG = "a/".repeat(60) + "b".repeat(90);

  @TempDir private Path folder;

  @Test
  void writesFilesFoldersAndLinksThatTarReads() throws Exception {
    var program = Files.writeString(folder.resolve("source"), "x".repeat(1000));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var archive =
        write(
            new FileTree()
                .copy("opt/bin/program", program)
                .text("etc/text", "äöü\n")
                .text(LONG, "long")
                .link("opt/link", "bin/program")
                .folder("tmp", 01777));

    var listed = tar("--list", "--verbose", "--numeric-owner", "--utc", "--file=" + archive);

    assertThat(listed.lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "drwxr-xr-x 0/0 0 2026-01-01 00:00 opt/bin/",
            "-rwxr-xr-x 0/0 1000 2026-01-01 00:00 opt/bin/program",
            "-rw-r--r-- 0/0 7 2026-01-01 00:00 etc/text",
            "-rw-r--r-- 0/0 4 2026-01-01 00:00 " + LONG,
            "lrwxrwxrwx 0/0 0 2026-01-01 00:00 opt/link -> bin/program",
            "drwxrwxrwt 0/0 0 2026-01-01 00:00 tmp/");
    assertThat(tar("--extract", "--to-stdout", "--file=" + archive, "etc/text")).isEqualTo("äöü\n");
    assertThat(tar("--extract", "--to-stdout", "--file=" + archive, "opt/bin/program"))
        .isEqualTo("x".repeat(1000));
  }

  @Test
  void writesTheSameWhateverTheOrderAndTheTimesOfFiles() throws Exception {
    var one = Files.writeString(folder.resolve("one"), "1");
    var first = write(new FileTree().copy("a", one).text("b", "2"));
    var bytes = Files.readAllBytes(first);
    Files.setLastModifiedTime(one, FileTime.fromMillis(0));

    var second = write(new FileTree().text("b", "2").copy("a", one));

    assertThat(Files.readAllBytes(second)).isEqualTo(bytes);
  }

  @Test
  void refusesWhatDoesNotFit() {
    var tree = new FileTree().text("n".repeat(101), "");

    assertThatThrownBy(() -> new TarWriter(new ByteArrayOutputStream(), TIME).write(tree))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");
  }

  private Path write(FileTree tree) throws IOException {
    var archive = folder.resolve("archive.tar");
    try (var writer = new TarWriter(Files.newOutputStream(archive), TIME)) {
      writer.write(tree);
    }
    return archive;
  }

  private String tar(String... arguments) throws Exception {
    var command = new String[arguments.length + 1];
    command[0] = "tar";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Tool.run(folder, Map.of(), command);
  }
}
