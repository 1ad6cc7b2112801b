package dev.referee.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Programs of this machine.
final class Tool {
  private Tool() {}

  /// The program of that name on the PATH.
  static Optional<Path> find(String name) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Runs a program and insists on its success.
  ///
  /// @param folder where it runs
  /// @return what it wrote to standard output
  static String run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var error = Files.createTempFile("referee-image", ".err");
    try {
      var builder =
          new ProcessBuilder(new ArrayList<>(List.of(command)))
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(error.toFile());
      // Messages of programs are read here.
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().putAll(environment);
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "%s ended with %d: %s"
                .formatted(
                    String.join(" ", command),
                    code,
                    (new String(Files.readAllBytes(error), UTF_8) + output).strip()));
      }
      return output;
    } finally {
      Files.deleteIfExists(error);
    }
  }
}
