package dev.referee.e2e.tools;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/// A real browser, without a window. Debian's Chromium, or another build of it.
public final class Browser {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Path executable;

  private Browser(Path executable) {
    this.executable = requireNonNull(executable, "executable is null");
  }

  /// The browser of this machine.
  ///
  /// @throws ToolException with `UNAVAILABLE` where there is none
  public static Browser find() {
    return Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
        .map(Executables::onPath)
        .flatMap(Optional::stream)
        .findFirst()
        .map(Browser::new)
        .orElseThrow(
            () ->
                new ToolException(
                    ToolReason.UNAVAILABLE,
                    "no browser is on the PATH; Debian has one in the package chromium"));
  }

  /// The document as it is after its scripts have run.
  public String dom(URI page) {
    return run("--dump-dom", page.toString());
  }

  /// What a person would see.
  ///
  /// @param picture where it is written, as PNG
  /// @return the picture
  public Path screenshot(URI page, Path picture) {
    var _ = run("--window-size=1400,1000", "--screenshot=" + picture, page.toString());
    return picture;
  }

  private String run(String... arguments) {
    try (var home = TemporaryFolder.create("referee-e2e-browser")) {
      Files.createDirectories(home.path().resolve("profile"));
      var all =
          Stream.concat(
              Stream.of(
                  "--headless",
                  // Its sandbox asks for what a container or root does not have; the page is ours.
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--hide-scrollbars",
                  "--no-first-run",
                  "--user-data-dir=" + home.path().resolve("profile")),
              Stream.of(arguments));
      return Program.isolated(executable, home.path())
          .within(TIMEOUT)
          .succeed(all.toArray(String[]::new))
          .stdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
