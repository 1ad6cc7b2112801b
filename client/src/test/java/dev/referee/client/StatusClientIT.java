package dev.referee.client;

import static dev.referee.testing.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What authorities publish, and what stands in their way.
class StatusClientIT {
  private final Vertx vertx = Vertx.vertx();
  private final ScriptedServer server = ScriptedServer.start();
  private final StatusClient client = new StatusClient(vertx, RegistryClientConfig.defaults());

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private byte[] get(String path, int maxBytes) throws SourceException {
    return client.get(URI.create(server.url() + path), maxBytes, soon());
  }

  private void refuses(String address, SourceReason reason) {
    assertThatThrownBy(() -> client.get(URI.create(address), 100, soon()))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void fetchesAndAsks() throws SourceException {
    server
        .on("GET /ca.crl", reply(200, "list"))
        .on("POST /ocsp", reply(200, "answer", "Content-Type", "application/ocsp-response"));

    assertThat(get("/ca.crl", 100)).asString().isEqualTo("list");
    assertThat(
            client.post(
                URI.create(server.url() + "/ocsp"),
                "application/ocsp-request",
                new byte[] {'?'},
                100,
                soon()))
        .asString()
        .isEqualTo("answer");
    assertThat(server.asked())
        .extracting(ScriptedServer.Asked::line, ScriptedServer.Asked::body)
        .containsExactly(tuple("GET /ca.crl", ""), tuple("POST /ocsp", "?"));
    assertThat(server.asked()).allMatch(asked -> asked.authorization().isEmpty());
  }

  @Test
  void boundsWhatItReads() throws SourceException {
    server.on("GET /ca.crl", reply(200, "0123456789"));

    assertThat(get("/ca.crl", 10)).hasSize(10);
    assertThatThrownBy(() -> get("/ca.crl", 9))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(SourceReason.TOO_LARGE));
  }

  /// N86: a certificate's address may not lead to a machine's own metadata service, directly or by
  /// way of somebody else.
  @Test
  void n86AsksNoMetadataServiceAndFollowsNobody() {
    refuses("http://169.254.169.254/latest/meta-data/", SourceReason.ADDRESS_REFUSED);
    refuses("http://[fe80::1]/", SourceReason.ADDRESS_REFUSED);
    refuses("http://[fd00:ec2::254]/", SourceReason.ADDRESS_REFUSED);
    refuses("http://0.0.0.0/", SourceReason.ADDRESS_REFUSED);
    server.on(
        "GET /ca.crl", reply(302, "", "Location", "http://169.254.169.254/latest/meta-data/"));
    refuses(server.url() + "/ca.crl", SourceReason.REDIRECT_REFUSED);
    refuses("http://user:password@example.com/ca.crl", SourceReason.MALFORMED_RESPONSE);
    refuses("file:///etc/passwd", SourceReason.MALFORMED_RESPONSE);
    assertThat(server.lines()).containsExactly("GET /ca.crl");
  }

  @Test
  void takesOnlyAnAnswer() {
    server
        .on("GET /busy", reply(503, "later"))
        .on("GET /empty", reply(204, ""))
        .on("GET /private", reply(403, ""));
    refuses(server.url() + "/busy", SourceReason.SERVER_ERROR);
    refuses(server.url() + "/empty", SourceReason.MALFORMED_RESPONSE);
    refuses(server.url() + "/private", SourceReason.FORBIDDEN);
    refuses(server.url() + "/absent", SourceReason.MALFORMED_RESPONSE);
  }

  @Test
  void waitsNoLongerThanItMay() {
    var stalled = new CountDownLatch(1);
    server.on(
        "GET /slow",
        exchange -> {
          try {
            assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThatThrownBy(
            () ->
                client.get(
                    URI.create(server.url() + "/slow"), 100, Deadline.in(Duration.ofMillis(200))))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(SourceReason.TIMEOUT));
    stalled.countDown();
  }
}
