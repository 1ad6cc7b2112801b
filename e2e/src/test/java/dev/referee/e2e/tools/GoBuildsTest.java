package dev.referee.e2e.tools;

import static dev.referee.e2e.tools.ToolReason.BUILD_FAILED;
import static dev.referee.e2e.tools.ToolReason.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The builder with a shell script in the place of Go.
class GoBuildsTest {
  @TempDir Path folder;

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void pin() throws IOException {
    Files.createDirectory(folder.resolve("module"));
    pins("module m\n");
  }

  @Test
  void buildsOnceAndFindsItEverAfter() throws IOException {
    var builds = builds("#!/bin/sh\ncp \"$0\" \"$7\"; echo built >>../log");

    var first = builds.executable(tool());

    assertThat(builds.executable(tool())).isEqualTo(first).isExecutable();
    assertThat(folder.resolve("log")).hasContent("built");
    assertThat(said)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "building crane with Go, once: about 7 s the first time on 2 cores, seconds"
                            + " afterwards"),
            line -> assertThat(line).matches("built crane in \\d+ s"));
  }

  @Test
  void buildsAgainForOtherPins() throws IOException {
    var builds = builds("#!/bin/sh\ncp \"$0\" \"$7\"");
    var first = builds.executable(tool());
    pins("module m // newer\n");

    assertThat(builds.has(tool())).isFalse();
    assertThat(builds.executable(tool())).isNotEqualTo(first);
    assertThat(first).as("another checkout may still use it").exists();
  }

  @Test
  void removesBuildsThatNobodyUsesAnyMore() throws IOException {
    var builds = builds("#!/bin/sh\ncp \"$0\" \"$7\"");
    var first = builds.executable(tool());
    Files.setLastModifiedTime(
        first.getParent(), FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    pins("module m // newer\n");

    builds.executable(tool());

    assertThat(first.getParent()).doesNotExist();
  }

  /// Locks of one process overlap in another way than those of two, so each run gets its own.
  @Test
  void buildsOnceForTwoRunsAtOnce() throws Exception {
    var go = "#!/bin/sh\necho built >>../log; sleep 0.5; cp \"$0\" \"$7\"";
    Callable<Path> run = () -> builds(go).executable(tool());
    builds(go);
    try (var runs = Executors.newVirtualThreadPerTaskExecutor()) {
      var paths = runs.invokeAll(List.of(run, run));
      assertThat(paths.getFirst().get()).isEqualTo(paths.getLast().get()).isExecutable();
    }

    assertThat(folder.resolve("log")).hasContent("built");
  }

  @Test
  void leavesNothingBehindThatLooksBuiltWhenGoFails() throws IOException {
    var builds = builds("#!/bin/sh\necho half >\"$7\"; chmod +x \"$7\"\nseq 30 >&2; exit 1");

    assertThatThrownBy(() -> builds.executable(tool()))
        .isInstanceOfSatisfying(
            ToolException.class, e -> assertThat(e.reason()).isEqualTo(BUILD_FAILED))
        .hasMessageStartingWith("Go did not build crane:\n  11\n")
        .hasMessageEndingWith("\n  30");
    assertThat(builds.has(tool())).isFalse();
  }

  @Test
  void removesWhatAKilledBuildLeft() throws IOException {
    var builds =
        builds("#!/bin/sh\nif test -e \"$7\"; then echo exists >&2; exit 1; fi; cp \"$0\" \"$7\"");
    var keyed = Files.createDirectories(cache().binary(tool()).getParent());
    Files.writeString(keyed.resolve("crane.new"), "half");

    assertThat(builds.executable(tool())).isExecutable();
  }

  @Test
  void tellsAMachineThatCannotBuildFromPinsThatDoNot() throws IOException {
    var builds =
        builds(
            "#!/bin/sh\necho 'go: go.mod requires go >= 1.26.0 (running go 1.21.0)' >&2; exit 1");

    assertThatThrownBy(() -> builds.executable(tool()))
        .isInstanceOfSatisfying(
            ToolException.class, e -> assertThat(e.reason()).isEqualTo(UNAVAILABLE))
        .hasMessage(
            "Go cannot build crane here: go: go.mod requires go >= 1.26.0 (running go 1.21.0)");
  }

  @Test
  void isUnavailableWithoutGo() {
    var builds = new GoBuilds(cache(), Optional.empty(), said::add);

    assertThatThrownBy(() -> builds.executable(tool()))
        .isInstanceOfSatisfying(
            ToolException.class, e -> assertThat(e.reason()).isEqualTo(UNAVAILABLE))
        .hasMessage("go, which builds crane, is not on the PATH");
  }

  @Test
  void findsTheCacheOfTheUser() {
    var home = Path.of("/home/user");

    assertThat(BuildCache.of(Map.of(), home).root())
        .isEqualTo(Path.of("/home/user/.cache/referee-e2e"));
    assertThat(BuildCache.of(Map.of("XDG_CACHE_HOME", "/var/cache"), home).root())
        .isEqualTo(Path.of("/var/cache/referee-e2e"));
    assertThat(BuildCache.of(Map.of("XDG_CACHE_HOME", "relative"), home).root())
        .isEqualTo(Path.of("/home/user/.cache/referee-e2e"));
  }

  private GoTool tool() {
    var module = new GoModule("crane", folder.resolve("module"), "-s -w");
    return new GoTool(module, "crane", "example.com/cmd/crane", Duration.ofSeconds(7));
  }

  private GoBuilds builds(String script) throws IOException {
    var go = folder.resolve("go");
    if (!Files.exists(go)) {
      Files.writeString(go, script);
      assertThat(go.toFile().setExecutable(true)).isTrue();
    }
    return new GoBuilds(cache(), Optional.of(go), said::add);
  }

  private BuildCache cache() {
    return new BuildCache(folder.resolve("cache"));
  }

  private void pins(String mod) throws IOException {
    Files.writeString(folder.resolve("module/go.mod"), mod);
    Files.writeString(folder.resolve("module/go.sum"), "");
  }
}
