package dev.referee.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The image, built, looked through and run. With `-Pimage` only: it takes a minute.
@EnabledIfSystemProperty(named = "referee.image.jars", matches = ".+")
class ImageBuildIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_COMPRESSED = 90_000_000;

  @TempDir private static Path folder;

  private static OciImage image;

  @BeforeAll
  static void build() throws Exception {
    assumeThat(SystemLibraries.missingTools()).as("tools of Debian that are missing").isEmpty();
    image = ImageBuild.build(inputs(), folder.resolve("first"));
  }

  @Test
  void isTheSameWhenItIsBuiltAgain() throws Exception {
    var again = ImageBuild.build(inputs(), folder.resolve("second"));

    assertThat(again.digest()).isEqualTo(image.digest());
    assertThat(folder.resolve("second").resolve(ImageBuild.ARCHIVE))
        .hasSameBinaryContentAs(folder.resolve("first").resolve(ImageBuild.ARCHIVE));
  }

  @Test
  void isSmall() {
    assertThat(image.size()).isLessThan(MAX_COMPRESSED);
  }

  @Test
  void saysWhoRunsIt() throws IOException {
    var config = blob(manifest().path("config")).path("config");

    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.path("Entrypoint").get(0).asText())
        .isEqualTo("/opt/referee/runtime/bin/java");
  }

  @Test
  void hasNoShellAndNothingThatOthersThanRootMayWrite() throws Exception {
    var listed = new ArrayList<String>();
    for (var layer : layers()) {
      listed.addAll(
          Tool.run(folder, Map.of(), "tar", "--list", "--verbose", "-zf", layer.toString())
              .lines()
              .toList());
    }

    assertThat(listed).isNotEmpty();
    assertThat(listed.stream().map(line -> line.substring(line.lastIndexOf('/') + 1)))
        .doesNotContainAnyElementsOf(Set.of("sh", "bash", "dash", "busybox"));
    assertThat(
            listed.stream().filter(line -> !line.startsWith("l")).filter(ImageBuildIT::isWritable))
        .singleElement()
        .asString()
        .endsWith(" tmp/");
  }

  private static boolean isWritable(String line) {
    return line.charAt(5) == 'w' || line.charAt(8) == 'w' || line.substring(0, 10).contains("s");
  }

  /// The whole demonstration, with nothing but what is in the image: every module of Java that it
  /// needs, every library of the system. A JVM that could not map the archive of classes would end;
  /// what it takes from there is most of what it loads, though servers of all kinds are in one.
  @Test
  void runsTheDemonstration() throws Exception {
    assumeThat(Tool.find("unshare")).as("unshare").isPresent();
    assumeThat(System.getProperty("user.name")).as("who may change the root").isEqualTo("root");
    var root = Files.createDirectory(folder.resolve("root"));
    for (var layer : layers()) {
      Tool.run(root, Map.of(), "tar", "-xzf", layer.toString());
    }
    Files.createDirectory(root.resolve("proc"));

    var said =
        Tool.run(
            root,
            Map.of(),
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc=" + root.resolve("proc"),
            "chroot",
            "--userspec=65532:65532",
            root.toString(),
            "/opt/referee/runtime/bin/java",
            "-Xshare:on",
            "-Xlog:class+load:file=/tmp/classes.log",
            "@/opt/referee/java.args",
            "demo");

    assertThat(said.strip()).endsWith("all as expected");
    var loaded = named(Files.readAllLines(root.resolve("tmp/classes.log")));
    var mapped = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    assertThat(mapped)
        .as("of %d classes; is startup.classes stale? see deploy/README.md", loaded.size())
        .isGreaterThan(loaded.size() / 2);
  }

  /// Without classes that the JVM makes as it goes.
  private static List<String> named(List<String> log) {
    return log.stream()
        .filter(line -> line.contains(" source: "))
        .filter(line -> !line.contains("0x") && !line.contains("$Proxy"))
        .toList();
  }

  private static ImageInputs inputs() {
    return new ImageInputs(
        Path.of(System.getProperty("referee.image.jars")),
        Path.of(System.getProperty("java.home")),
        "1.2.3",
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static List<Path> layers() throws IOException {
    var files = new ArrayList<Path>();
    manifest().path("layers").forEach(layer -> files.add(file(layer)));
    return files;
  }

  private static JsonNode manifest() throws IOException {
    var index = JSON.readTree(layout().resolve("index.json").toFile());
    assertThat(index.path("manifests")).hasSize(1);
    return blob(index.path("manifests").get(0));
  }

  private static JsonNode blob(JsonNode descriptor) throws IOException {
    return JSON.readTree(file(descriptor).toFile());
  }

  private static Path file(JsonNode descriptor) {
    return layout().resolve("blobs").resolve(descriptor.path("digest").asText().replace(':', '/'));
  }

  private static Path layout() {
    return folder.resolve("first").resolve(ImageBuild.LAYOUT);
  }
}
