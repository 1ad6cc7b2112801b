package dev.referee.gate.revocation;

import static dev.referee.testing.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.client.RegistryClientConfig;
import dev.referee.client.StatusClient;
import dev.referee.oci.Deadline;
import dev.referee.testing.ScriptedServer;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.revocation.RevocationUnavailableException;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What was looked up is kept for a while, and what could not be had is not.
class RememberedRevocationIT {
  private final Vertx vertx = Vertx.vertx();
  private final ScriptedServer server = ScriptedServer.start();
  private final StatusClient client = new StatusClient(vertx, RegistryClientConfig.defaults());
  private final AtomicLong time = new AtomicLong();
  private final RememberedRevocation remembered = new RememberedRevocation(client, time::get);

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private RevocationSource source() {
    return remembered.until(Deadline.in(Duration.ofSeconds(60)));
  }

  private URI at(String path) {
    return URI.create(server.url() + path);
  }

  @Test
  void keepsListsForAWhile() throws RevocationUnavailableException {
    server.on("GET /ca.crl", reply(200, "list"));

    assertThat(source().list(at("/ca.crl"), 100)).asString().isEqualTo("list");
    time.set(Duration.ofMinutes(4).toNanos());
    assertThat(source().list(at("/ca.crl"), 100)).asString().isEqualTo("list");
    assertThat(server.lines()).hasSize(1);
    time.set(Duration.ofMinutes(6).toNanos());
    assertThat(source().list(at("/ca.crl"), 100)).asString().isEqualTo("list");
    assertThat(server.lines()).hasSize(2);
  }

  @Test
  void keepsAnswersByQuestion() throws RevocationUnavailableException {
    server.on("POST /", reply(200, "answer"));

    source().status(at("/"), new byte[] {1}, 100);
    source().status(at("/"), new byte[] {1}, 100);
    assertThat(server.lines()).hasSize(1);
    source().status(at("/"), new byte[] {2}, 100);
    assertThat(server.lines()).hasSize(2);
  }

  @Test
  void forgetsWhatCouldNotBeHad() throws RevocationUnavailableException {
    assertThatThrownBy(() -> source().list(at("/ca.crl"), 100))
        .isInstanceOf(RevocationUnavailableException.class)
        .hasMessageContaining("404");
    server.on("GET /ca.crl", reply(200, "list"));
    assertThat(source().list(at("/ca.crl"), 100)).asString().isEqualTo("list");
  }

  /// A decision that is due waits for nobody.
  @Test
  void asksNobodyOnceTheDecisionIsDue() {
    server.on("GET /ca.crl", reply(200, "list"));
    var late = remembered.until(Deadline.in(Duration.ZERO));

    assertThatThrownBy(() -> late.list(at("/ca.crl"), 100))
        .isInstanceOf(RevocationUnavailableException.class);
  }
}
