package dev.referee.e2e.tools;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks for programs that are installed.
public final class Executables {
  private Executables() {}

  /// The first program of that name in the folders of a PATH.
  public static Optional<Path> find(String name, String path) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .flatMap(Executables::folder)
        .map(folder -> folder.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /// The first program of that name on the PATH of this process.
  public static Optional<Path> onPath(String name) {
    return find(name, System.getenv().getOrDefault("PATH", ""));
  }

  private static Stream<Path> folder(String text) {
    try {
      return text.isEmpty() ? Stream.empty() : Stream.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }
}
