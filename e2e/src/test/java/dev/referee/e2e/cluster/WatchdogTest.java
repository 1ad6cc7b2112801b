package dev.referee.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
  @TempDir Path folder;

  @Test
  void endsTheServersOfAJvmThatIsKilled() throws IOException {
    var state = Files.createDirectory(folder.resolve("state"));
    var jvm = jvm(state);
    try (var output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), UTF_8))) {
      long server = Long.parseLong(output.readLine());
      assertThat(runs(server)).isTrue();

      jvm.destroyForcibly();

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(runs(server)).isFalse();
                assertThat(state).doesNotExist();
              });
    }
  }

  @Test
  void leavesThemAloneWhenItIsCalledOff() throws IOException, InterruptedException {
    var server = ChildProcess.start(List.of("/bin/sleep", "600"), folder, folder.resolve("log"));
    var watchdog = Watchdog.over(folder);
    watchdog.add(server);

    watchdog.close();

    assertThat(server.isAlive()).isTrue();
    assertThat(folder).exists();
    server.stop();
    assertThat(server.isAlive()).isFalse();
  }

  private static Process jvm(Path state) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    // The class path of the tests, which Maven hides behind a jar of its own.
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(java, "-cp", classPath, Victim.class.getName(), state.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// A process that ended but whose end nobody has taken note of runs no command.
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent();
  }

  /// The JVM that is killed.
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws InterruptedException {
      var state = Path.of(arguments[0]);
      var server = ChildProcess.start(List.of("/bin/sleep", "600"), state, state.resolve("log"));
      var watchdog = Watchdog.over(state);
      watchdog.add(server);
      System.out.println(server.pid());
      new CountDownLatch(1).await();
      watchdog.close();
    }
  }
}
