package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed (`kill -9`) while many push to it: what it has acknowledged is there
/// when the next one starts, and nothing half is.
class KillIT {
  private static final int ROUNDS = Soak.rounds(3);
  private static final int WRITERS = 6;

  /// It dies once it has acknowledged so many pushes, in the middle of others.
  private static final int ACKNOWLEDGED = 12;

  private static final int KILLS = Soak.rounds(2);

  @TempDir Path root;

  /// A registry over the folder.
  private record Killed(Process process, URI uri) implements DyingReplicas.Replica {
    @Override
    public void kill() {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    try (var pushes = new AcknowledgedPushes(_ -> {})) {
      for (int round = 0; round < ROUNDS; round++) {
        killWhilePushing(pushes);
      }
      assertThat(pushes.size()).isGreaterThanOrEqualTo(ROUNDS * ACKNOWLEDGED);

      assertKept(pushes);
    }
  }

  /// Registries that share a folder, of which one after the other is killed while the others go on
  /// and all collect.
  @Test
  void losesNothingOfManyWritersOnThreeReplicas() throws Exception {
    try (var pushes = new AcknowledgedPushes(_ -> {})) {
      try (var replicas = DyingReplicas.start(this::startRegistry)) {
        replicas.killWhilePushing(pushes, KILLS);
      }
      assertKept(pushes);
    }
  }

  private void assertKept(AcknowledgedPushes pushes) throws Exception {
    try (var registry = TestRegistry.start(root)) {
      pushes.assertKept(registry.uri());
    }
  }

  private void killWhilePushing(AcknowledgedPushes pushes) throws Exception {
    int enough = pushes.size() + ACKNOWLEDGED;
    // The one that is declared last ends first, and with it the writers.
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var registry = startRegistry()) {
      var writers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(
            executor.submit(
                () -> {
                  pushes.pushUntilGone(registry.uri(), () -> false);
                  return true;
                }));
      }
      Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> pushes.size() >= enough);
      registry.kill();
      for (var writer : writers) {
        assertThat(writer.get()).isTrue();
      }
    }
  }

  private Killed startRegistry() throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledRegistry.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Killed(process, uri(process));
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /// Behind what it logs.
  private static URI uri(Process process) throws IOException {
    // Read to its end, or what it logs would make it wait. Its end is the end of the process.
    var out = process.inputReader(UTF_8);
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("http://")) {
        var _ = Thread.startVirtualThread(() -> out.lines().forEach(_ -> {}));
        return URI.create(line);
      }
    }
    throw new IOException("the registry did not start");
  }
}
