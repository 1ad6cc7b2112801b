package dev.referee.client;

import static dev.referee.testing.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// More requests than there are connections, to a server that has stalled.
class ConnectionPoolIT {
  /// More than the client opens to one server.
  private static final int REQUESTS = 200;

  @Test
  void keepsNoConnectionForARequestThatWasGivenUp() throws Exception {
    var stalled = new CountDownLatch(1);
    var vertx = Vertx.vertx();
    try (var server = ScriptedServer.start();
        var client =
            new RegistryClient(
                vertx, RegistryClientConfig.defaults().withPlainHttp(Set.of(server.host())));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.on(
          "GET /v2/app/manifests/slow",
          exchange -> {
            try {
              assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            reply(404, "").answer(exchange);
          });
      var requests = new ArrayList<Future<?>>();
      for (int i = 0; i < REQUESTS; i++) {
        requests.add(
            threads.submit(
                () ->
                    assertThatThrownBy(
                            () -> open(client, server, Duration.ofMillis(500)).manifest("slow"))
                        .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).isEqualTo(SourceReason.TIMEOUT))));
      }
      for (var request : requests) {
        request.get(60, TimeUnit.SECONDS);
      }

      // While the server still says nothing to them, others are served.
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(open(client, server, Duration.ofMinutes(1)).manifest("other")).isEmpty();
      }
      stalled.countDown();
    } finally {
      vertx.close().await();
    }
  }

  private static RemoteRepository open(
      RegistryClient client, ScriptedServer server, Duration patience) {
    return client.open(new Repository(server.host(), "app"), Deadline.in(patience));
  }
}
