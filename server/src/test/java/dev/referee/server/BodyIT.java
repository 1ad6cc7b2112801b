package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BodyIT {
  private static final int MIB = 1 << 20;

  @Test
  void readsBodiesOfEverySize() throws Exception {
    ExchangeHandler handler =
        exchange -> {
          long declared = exchange.bodyLength();
          exchange.respondText(200, declared + " " + exchange.body().readAllBytes().length);
        };
    try (var service = TestService.start(handler)) {
      for (int size : new int[] {0, 1, 100, 32768, 32769, 300_000, 5 * MIB}) {
        assertThat(
                service.send(service.request("/").PUT(BodyPublishers.ofByteArray(new byte[size]))))
            .satisfies(r -> assertThat(r.body()).isEqualTo(size + " " + size + "\n"));
        assertThat(
                service.send(
                    service
                        .request("/")
                        .PUT(BodyPublishers.ofInputStream(() -> InputStream.nullInputStream()))))
            .satisfies(r -> assertThat(r.body()).isEqualTo("-1 0\n"));
      }
    }
  }

  @Test
  void capsABodyWithoutReadingOn() throws Exception {
    ExchangeHandler handler =
        exchange -> exchange.respondText(200, String.valueOf(exchange.body(10).length));
    try (var service = TestService.start(handler)) {
      assertThat(put(service, 10)).isEqualTo(200);
      assertThat(put(service, 11)).isEqualTo(413);
      try (var client = service.raw()) {
        // Declared too large: refused before a byte of it arrives.
        client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: 99999999999");
        assertThat(client.response()).matches(r -> r.status() == 413 && r.has("connection: close"));
        assertThat(client.isClosedByServer()).isTrue();
      }
      try (var client = service.raw()) {
        // Not declared, and never ending.
        client.request("PUT / HTTP/1.1", "Host: h", "Transfer-Encoding: chunked");
        client.send("b\r\n01234567890\r\n");
        assertThat(client.response().status()).isEqualTo(413);
      }
    }
  }

  /// The client cannot send what nobody reads: what is in memory stays small.
  @Test
  void makesTheClientWaitForTheReader() throws Exception {
    var read = new CountDownLatch(1);
    var total = new CompletableFuture<Long>();
    ExchangeHandler handler =
        exchange -> {
          read.await();
          total.complete(exchange.body().transferTo(java.io.OutputStream.nullOutputStream()));
          exchange.respond(204);
        };
    long size = 256L * MIB;
    try (var service = TestService.start(handler);
        var client = service.raw()) {
      client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: " + size);
      var written = new AtomicLong();
      var sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    var piece = new byte[64 << 10];
                    try {
                      while (written.get() < size) {
                        client.send(piece);
                        written.addAndGet(piece.length);
                      }
                    } catch (IOException e) {
                      written.set(-1);
                    }
                  });
      // The sender stands still once socket buffers and the server's own bound are full.
      var before = new AtomicLong();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(200))
          .until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
      assertThat(written.get()).isLessThan(32L * MIB);

      read.countDown();

      assertThat(total.get(60, TimeUnit.SECONDS)).isEqualTo(size);
      assertThat(client.response().status()).isEqualTo(204);
      sender.join();
    }
  }

  @Test
  void failsTheReaderWhenTheClientGoesAway() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var begun = new CountDownLatch(1);
    ExchangeHandler handler =
        exchange -> {
          try {
            begun.countDown();
            exchange.body().readAllBytes();
          } catch (IOException e) {
            failure.complete(e);
            throw e;
          }
        };
    try (var service = TestService.start(handler)) {
      var client = service.raw();
      client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: 100").send("half");
      begun.await();
      client.reset();

      assertThat(failure.get(20, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              ExchangeException.class,
              e -> assertThat(e.reason()).isEqualTo(ExchangeReason.CLIENT_GONE));
    }
  }

  /// Slowloris in the body: a client that drips holds no thread for ever.
  @Test
  void losesPatienceWithASlowClient() throws Exception {
    try (var service =
            TestService.start(
                config -> config.bodyPatience(Duration.ofMillis(300)),
                exchange -> exchange.respondText(200, exchange.body(100).length + ""));
        var client = service.raw()) {
      client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: 100").send("drip");

      assertThat(client.response().status()).isEqualTo(408);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void asksForTheBodyOnlyWhenItIsRead() throws Exception {
    ExchangeHandler handler =
        exchange -> {
          if (exchange.path().equals("/refuse")) {
            exchange.respondText(403, "no");
          } else {
            exchange.respondText(200, exchange.body(100).length + " bytes");
          }
        };
    try (var service = TestService.start(handler);
        var willing = service.raw();
        var refused = service.raw()) {
      willing.request("PUT /take HTTP/1.1", "Host: h", "Content-Length: 4", "Expect: 100-continue");
      assertThat(willing.headResponse().status()).isEqualTo(100);
      willing.send("four");
      assertThat(willing.response().body()).isEqualTo("4 bytes\n");

      refused.request(
          "PUT /refuse HTTP/1.1", "Host: h", "Content-Length: 4", "Expect: 100-continue");
      assertThat(refused.response())
          .matches(r -> r.status() == 403 && r.has("connection: close"), "closes");
      assertThat(refused.isClosedByServer()).isTrue();
    }
  }

  /// A handler that does not care for a small body leaves the connection in good order.
  @Test
  void keepsTheConnectionWhenASmallBodyWasIgnored() throws Exception {
    try (var service = TestService.start(exchange -> exchange.respondText(200, exchange.path()));
        var client = service.raw()) {
      for (int i = 0; i < 3; i++) {
        client.request("PUT /" + i + " HTTP/1.1", "Host: h", "Content-Length: 200000");
        var body = new byte[200_000];
        Arrays.fill(body, (byte) 'x');
        client.send(body);
        assertThat(client.response()).matches(r -> r.status() == 200);
      }
    }
  }

  private static int put(TestService service, int size) throws Exception {
    return service
        .send(service.request("/").PUT(BodyPublishers.ofByteArray(new byte[size])))
        .statusCode();
  }
}
