package dev.referee.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.decision.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The reasons that the sources of a package name.
public final class NamedReasons {
  private static final Path SOURCES = Path.of("src/main/java/dev/referee/verify");
  private static final Pattern NAMED =
      Pattern.compile("import static dev\\.referee\\.verify\\.decision\\.Reason\\.([A-Z_]+);");

  private NamedReasons() {}

  /// Reads every source of these packages.
  ///
  /// @param packages below this module's
  public static Set<Reason> in(String... packages) throws IOException {
    var named = EnumSet.noneOf(Reason.class);
    for (var one : packages) {
      try (var files = Files.list(SOURCES.resolve(one))) {
        for (var file : files.toList()) {
          read(file, named);
        }
      }
    }
    return named;
  }

  private static void read(Path file, Set<Reason> named) throws IOException {
    var source = Files.readString(file);
    var imports = NAMED.matcher(source);
    while (imports.find()) {
      named.add(Reason.valueOf(imports.group(1)));
    }
    assertThat(source)
        .as("%s names reasons by static imports alone, where this test finds them", file)
        .doesNotContainPattern("[^.]\\bReason\\.[A-Z]");
  }
}
