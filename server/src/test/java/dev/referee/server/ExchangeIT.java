package dev.referee.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeIT {
  @TempDir Path folder;

  @Test
  void showsTheRequestAsItWasSent() throws Exception {
    var seen = new AtomicReference<String>();
    ExchangeHandler handler =
        exchange -> {
          seen.set(
              "%s %s %s %s %s %s %s"
                  .formatted(
                      exchange.method(),
                      exchange.path(),
                      exchange.query("a"),
                      exchange.queryAll("b"),
                      exchange.query("c"),
                      exchange.headers("X-Two"),
                      exchange.remoteAddress().getAddress().isLoopbackAddress()));
          exchange.respond(204);
        };
    try (var service = TestService.start(handler)) {
      var response =
          service.send(
              service
                  .request("/x%2Fy/../z?a=%2F&b=1&b=2")
                  .header("X-Two", "1")
                  .header("X-Two", "2"));

      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.headers().firstValue("Content-Length")).isEmpty();
      assertThat(response.headers().firstValue("Date")).isPresent();
      assertThat(seen).hasValue("GET /x%2Fy/../z / [1, 2] null [1, 2] true");
    }
  }

  @Test
  void answersOnAThreadThatMayBlock() throws Exception {
    ExchangeHandler handler =
        exchange -> exchange.respondText(200, String.valueOf(Thread.currentThread().isVirtual()));
    try (var service = TestService.start(handler)) {
      assertThat(service.get("/").body()).isEqualTo("true\n");
    }
  }

  @Test
  void answersHeadWithTheLengthAndNoBody() throws Exception {
    ExchangeHandler handler =
        exchange -> {
          switch (exchange.path()) {
            case "/content" -> exchange.respond(200, "text/plain", "hello".getBytes(UTF_8));
            case "/large" -> exchange.respondHead(200, "a/b", 1L << 40);
            case "/empty" -> exchange.respondHead(200, "a/b", 0);
            default -> exchange.respondFile(200, file("12345"), 1, 3);
          }
        };
    try (var service = TestService.start(handler);
        var client = service.raw()) {
      // On one connection, so that a stray body would be taken for the next response.
      for (var expected :
          new String[] {"/content 5", "/large 1099511627776", "/empty 0", "/file 3"}) {
        var parts = expected.split(" ", -1);
        client.request("HEAD " + parts[0] + " HTTP/1.1", "Host: h");

        assertThat(client.headResponse())
            .satisfies(response -> assertThat(response.status()).isEqualTo(200))
            .matches(response -> response.has("Content-Length: " + parts[1]), expected);
      }
    }
  }

  @Test
  void sendsPartsOfFiles() throws Exception {
    var file = file("0123456789");
    ExchangeHandler handler =
        exchange -> {
          exchange.setHeader("Content-Type", "a/b");
          exchange.respondFile(
              206,
              file,
              Long.parseLong(exchange.query("offset")),
              Long.parseLong(exchange.query("length")));
        };
    try (var service = TestService.start(handler)) {
      assertThat(service.get("/?offset=2&length=5"))
          .satisfies(
              response -> {
                assertThat(response.statusCode()).isEqualTo(206);
                assertThat(response.body()).isEqualTo("23456");
                assertThat(response.headers().firstValue("Content-Type")).contains("a/b");
              });
      assertThat(service.get("/?offset=0&length=10").body()).isEqualTo("0123456789");
      assertThat(service.get("/?offset=10&length=0").body()).isEmpty();
    }
  }

  /// A file that is shorter than its record must never become a short response.
  @Test
  void refusesToSendMoreThanAFileHas() throws Exception {
    var file = file("0123456789");
    try (var service = TestService.start(exchange -> exchange.respondFile(200, file, 5, 6))) {
      assertThat(service.get("/").statusCode()).isEqualTo(500);
    }
  }

  @Test
  void streamsContentOfAKnownLength() throws Exception {
    var content = new byte[300_000];
    content[299_999] = 7;
    ExchangeHandler handler =
        exchange ->
            exchange.respondStream(
                200, "a/b", new ByteArrayInputStream(content), Long.parseLong(exchange.query("n")));
    try (var service = TestService.start(handler)) {
      assertThat(service.getBytes("/?n=300000").body()).isEqualTo(content);
      assertThat(service.getBytes("/?n=0").body()).isEmpty();
      // One byte less than promised: the client sees a broken connection, not a short success.
      try (var client = service.raw()) {
        client.request("GET /?n=300001 HTTP/1.1", "Host: h");
        assertThat(client.response().body()).hasSize(300_000);
        assertThat(client.isClosedByServer()).isTrue();
      }
    }
  }

  @Test
  void turnsExceptionsIntoResponses() throws Exception {
    ExchangeHandler handler =
        exchange -> {
          exchange.setHeader("X-Prepared", "1");
          switch (exchange.path()) {
            case "/bug" -> throw new IllegalStateException("secret detail");
            case "/disk" -> throw new IOException("secret path");
            case "/error" -> throw new StackOverflowError("secret depth");
            case "/query" -> exchange.query("x");
            case "/body" -> exchange.body(3);
            default -> {
              // Forgets to answer.
            }
          }
        };
    try (var service = TestService.start(handler)) {
      for (var path : new String[] {"/bug", "/disk", "/error", "/nothing"}) {
        assertThat(service.get(path))
            .satisfies(
                response -> {
                  assertThat(response.statusCode()).as(path).isEqualTo(500);
                  assertThat(response.body()).isEqualTo("internal error\n");
                  assertThat(response.headers().firstValue("X-Prepared")).isEmpty();
                });
      }
      assertThat(service.send(service.request("/body").PUT(BodyPublishers.ofString("four"))))
          .satisfies(response -> assertThat(response.statusCode()).isEqualTo(413));
      try (var client = service.raw()) {
        client.request("GET /query?x=%zz HTTP/1.1", "Host: h");
        assertThat(client.response().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void refusesASecondResponse() throws Exception {
    var second = new AtomicReference<Throwable>();
    ExchangeHandler handler =
        exchange -> {
          exchange.respondText(200, "first");
          try {
            exchange.respondText(200, "second");
          } catch (IllegalStateException e) {
            second.set(e);
          }
        };
    try (var service = TestService.start(handler)) {
      assertThat(service.get("/").body()).isEqualTo("first\n");
      assertThat(service.get("/").body()).isEqualTo("first\n");
      assertThat(second.get()).hasMessageContaining("already");
    }
  }

  @Test
  void answersHealthItselfUnlessTold() throws Exception {
    try (var service =
        TestService.start(
            config -> config.ready(() -> false), exchange -> exchange.respondText(404, "mine"))) {
      assertThat(service.get("/livez").statusCode()).isEqualTo(200);
      assertThat(service.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(service.get("/livez/x").statusCode()).isEqualTo(404);
    }
    try (var service =
        TestService.start(
            config -> config.health(false), exchange -> exchange.respondText(404, "mine"))) {
      assertThat(service.get("/livez").body()).isEqualTo("mine\n");
    }
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("file-" + content.length()), content);
  }
}
