package dev.referee.deploy.image;

import dev.referee.oci.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Builds the image: `ImageBuild JARS JDK VERSION TIME TARGET`, where `-` for the JDK is that of
/// the Java which runs it. In the target folder it leaves `image`, an OCI image layout, and
/// `referee-image.tar`, an archive that container runtimes load.
public final class ImageBuild {
  static final String LAYOUT = "image";
  static final String ARCHIVE = "referee-image.tar";

  private ImageBuild() {}

  /// Builds, or says loudly why nothing is built here.
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5) {
      throw new IllegalArgumentException("ImageBuild JARS JDK VERSION TIME TARGET");
    }
    var inputs =
        new ImageInputs(
            Path.of(arguments[0]),
            Path.of(arguments[1].equals("-") ? System.getProperty("java.home") : arguments[1]),
            arguments[2],
            Instant.parse(arguments[3]));
    var target = Path.of(arguments[4]);
    var missing = SystemLibraries.missingTools();
    if (!missing.isEmpty()) {
      System.err.println(
          "image: SKIPPED: %s is not here; the image takes the C library from a Debian package, so"
              .formatted(String.join(", ", missing)));
      System.err.println("image: build it on Debian or Ubuntu, or with deploy/Dockerfile");
      return;
    }
    var image = build(inputs, target);
    System.out.println(
        "image: %s, %.1f MB compressed: %s and %s in %s"
            .formatted(image.digest(), image.size() / 1e6, LAYOUT, ARCHIVE, target));
  }

  /// Builds the image into a folder; what an earlier build left there is replaced.
  static OciImage build(ImageInputs inputs, Path target) throws IOException, InterruptedException {
    var work = target.resolve("image-work");
    delete(work);
    delete(target.resolve(LAYOUT));
    Files.createDirectories(work);
    var runtime = work.resolve("runtime");
    JavaRuntime.link(inputs.jdk(), runtime);
    var classes = ClassArchive.dump(runtime, inputs.jars(), inputs.time(), work);
    var layers =
        List.of(
            layer(inputs, work, "system", ImageContent.system(runtime, work)),
            layer(inputs, work, "runtime", ImageContent.runtime(runtime)),
            layer(inputs, work, "libraries", ImageContent.libraries(inputs.jars())),
            layer(inputs, work, "referee", ImageContent.application(inputs.jars(), classes)));
    var image =
        new OciImage(
            layers,
            ImageContent.settings(inputs.version()),
            architecture(System.getProperty("os.arch")),
            inputs.time());
    try {
      image.writeLayout(target.resolve(LAYOUT), inputs.version());
    } catch (SourceException e) {
      throw new IOException(e);
    }
    image.writeArchive(target.resolve(ARCHIVE), inputs.name(), inputs.time());
    delete(work);
    return image;
  }

  private static Layer layer(ImageInputs inputs, Path work, String name, FileTree tree)
      throws IOException {
    return Layer.write(
        tree, work.resolve(name + ".tar.gz"), inputs.time(), "referee image: " + name);
  }

  /// As Go spells it, and images with it.
  static String architecture(String java) {
    return switch (java.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
