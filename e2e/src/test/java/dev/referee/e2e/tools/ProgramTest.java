package dev.referee.e2e.tools;

import static dev.referee.e2e.tools.ToolReason.FAILED;
import static dev.referee.e2e.tools.ToolReason.NOT_STARTED;
import static dev.referee.e2e.tools.ToolReason.OUTPUT_TOO_LARGE;
import static dev.referee.e2e.tools.ToolReason.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir Path home;

  @Test
  void handsBackExitCodeAndBothStreams() {
    var output = shell("echo out; echo err >&2; exit 3");

    assertThat(output).isEqualTo(new Output("sh -c", 3, "out\n", "err\n"));
  }

  @Test
  void readsTheGivenInputAndNothingElse() {
    assertThat(program().reading("a text").succeed("-c", "cat").stdout()).isEqualTo("a text");
    assertThat(shell("cat").stdout()).isEmpty();
  }

  @Test
  void isolatesFromHomeAndEnvironment() {
    var output =
        program().with("GIVEN", "yes").succeed("-c", "echo $HOME $GIVEN ${USER-} ${JAVA_HOME-}");

    assertThat(output.text()).isEqualTo(home + " yes");
    assertThat(shell("pwd -P").text()).isEqualTo(realPath(home));
  }

  @Test
  void insistsOnSuccessWithWhatTheProgramWrote() {
    assertReason(() -> program().succeed("-c", "echo asked; echo refused >&2; exit 1"), FAILED)
        .hasMessage("sh -c ended with exit code 1:%n  asked%n  refused".formatted());
  }

  @Test
  void endsWhatTakesTooLong() {
    var program = program().within(Duration.ofMillis(200));

    assertReason(() -> program.run("-c", "sleep 600 & wait"), TIMED_OUT)
        .hasMessageEndingWith("sh did not end within 0.2 s");
  }

  @Test
  void refusesToReadWithoutEnd() {
    assertReason(() -> shell("head -c 20000000 /dev/zero"), OUTPUT_TOO_LARGE)
        .hasMessage("a program wrote 20000000 bytes, at most 16777216 are read");
  }

  @Test
  void namesAProgramThatIsNotThere() {
    var missing = Program.isolated(home.resolve("missing"), home);

    assertReason(missing::run, NOT_STARTED).hasMessageContaining("missing did not run");
  }

  @Test
  void findsTheFirstOnThePath() throws IOException {
    var other = Files.createDirectory(home.resolve("other"));
    var tool = Files.createFile(other.resolve("tool"));

    assertThat(Executables.find("tool", home + ":" + other)).isEmpty();
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    assertThat(Executables.find("tool", home + "::" + other)).hasValue(tool);
    assertThat(Executables.find("tool", "")).isEmpty();
  }

  private Output shell(String script) {
    return program().run("-c", script);
  }

  private Program program() {
    return Program.isolated(Path.of("/bin/sh"), home);
  }

  private static String realPath(Path path) {
    try {
      return path.toRealPath().toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertReason(
      ThrowingCallable call, ToolReason reason) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(ToolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
