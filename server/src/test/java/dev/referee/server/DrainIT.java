package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DrainIT {
  @Test
  void finishesWhatIsInFlight() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    ExchangeHandler handler =
        exchange -> {
          begun.countDown();
          release.await();
          exchange.respondText(200, "finished");
        };
    try (var service = TestService.start(handler);
        var client = service.raw();
        var idle = service.raw()) {
      client.request("GET / HTTP/1.1", "Host: h");
      begun.await();

      var drain = Thread.ofVirtual().start(() -> service.service().drain(Duration.ofMinutes(1)));
      // Idle connections go at once, and nobody gets in any more.
      assertThat(idle.isClosedByServer()).isTrue();
      Awaitility.await().untilAsserted(() -> assertRefusesConnections(service));
      assertThat(drain.isAlive()).isTrue();
      release.countDown();

      assertThat(client.response())
          .matches(r -> r.status() == 200 && r.body().equals("finished\n"))
          .matches(r -> r.has("connection: close"), "closes");
      drain.join();
    }
  }

  @Test
  void saysGoodbyeBeforeItLeaves() throws Exception {
    try (var service =
            TestService.start(
                config -> config.lameDuck(Duration.ofMinutes(1)),
                exchange -> exchange.respondText(200, "served"));
        var client = service.raw()) {
      client.request("GET / HTTP/1.1", "Host: h");
      assertThat(client.response()).matches(r -> !r.has("connection: close"));

      var drain = Thread.ofVirtual().start(() -> service.service().drain(Duration.ofSeconds(5)));
      Awaitility.await().until(() -> service.service().isDraining());
      client.request("GET / HTTP/1.1", "Host: h");

      assertThat(client.response())
          .matches(r -> r.status() == 200 && r.has("connection: close"), "still serves");
      try (var probe = service.raw()) {
        probe.request("GET /readyz HTTP/1.1", "Host: h");
        assertThat(probe.response())
            .matches(r -> r.status() == 503 && r.has("connection: close"), "not ready");
        probe.request("GET /livez HTTP/1.1", "Host: h");
        assertThat(probe.response().status()).isEqualTo(200);
      }
      drain.interrupt();
      drain.join();
    }
  }

  @Test
  void cutsOffWhatTakesTooLong() throws Exception {
    var begun = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    ExchangeHandler handler =
        _ -> {
          begun.countDown();
          never.await();
        };
    try (var service = TestService.start(handler);
        var client = service.raw()) {
      client.request("GET / HTTP/1.1", "Host: h");
      begun.await();

      service.service().drain(Duration.ofMillis(100));

      assertThat(client.isClosedByServer()).isTrue();
      never.countDown();
    }
  }

  private static void assertRefusesConnections(TestService service) {
    assertThatThrownBy(
            () -> {
              try (var late = service.raw()) {
                late.request("GET / HTTP/1.1", "Host: h").response();
              }
            })
        .isInstanceOfAny(ConnectException.class, IOException.class);
  }
}
