package dev.referee.e2e.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.registry.AcknowledgedPushes;
import dev.referee.registry.DyingReplicas;
import dev.referee.registry.Soak;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Three replicas of `referee registry` over one bucket, killed (`kill -9`) one after the other
/// while 16 writers push and all collect every second: what was acknowledged is listed and reads
/// back. Each layer has been there before and was abandoned, so that collectors want it.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3KillE2E {
  private static final int KILLS = Soak.rounds(3);
  private static final String PREFIX = "killed";

  private final AtomicInteger started = new AtomicInteger();
  @TempDir private Path folder;
  private S3Service service;

  @BeforeAll
  void startService() throws IOException {
    service = S3Service.start(GoBuilds.standard());
  }

  @AfterAll
  void stopService() {
    if (service != null) {
      service.close();
    }
  }

  private record Served(RefereeProcess process) implements DyingReplicas.Replica {
    @Override
    public URI uri() {
      return process.uri();
    }

    @Override
    public void kill() {
      process.kill();
    }
  }

  @Test
  void losesNothingOfManyWritersOnThreeReplicas() throws Exception {
    try (var abandoned = AbandonedLayers.in(service, PREFIX);
        var pushes = new AcknowledgedPushes(abandoned::push);
        var replicas = DyingReplicas.start(this::replica)) {
      replicas.killWhilePushing(pushes, KILLS);

      assertThat(started.get()).isEqualTo(3 + KILLS);
      // The collectors that live take what those left that died, and nothing along with it.
      abandoned.awaitCollected();
      for (var replica : replicas.uris()) {
        pushes.assertKept(replica);
      }
      Console.standard()
          .say(
              "%d images acknowledged through %d kills of replicas over S3, all kept; %d layers collected"
                  .formatted(pushes.size(), KILLS, abandoned.size()));
    }
  }

  private Served replica() throws IOException {
    var home = Files.createDirectories(folder.resolve("replica-" + started.incrementAndGet()));
    var options = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
    options.addAll(service.options(PREFIX));
    options.addAll(S3Service.COLLECTING);
    return new Served(
        RefereeProcess.serve(
            home, service.variables(), "registry", options.toArray(String[]::new)));
  }
}
