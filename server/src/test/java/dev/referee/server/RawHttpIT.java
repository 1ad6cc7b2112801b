package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What arrives on a socket when nobody keeps to the rules.
class RawHttpIT {
  private static final ExchangeHandler ECHO =
      exchange -> exchange.respondText(200, exchange.path());

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (var service = TestService.start(ECHO);
        var client = service.raw()) {
      client
          .request("GET /1 HTTP/1.1", "Host: h")
          .request("GET /2 HTTP/1.1", "Host: h")
          .request("GET /3 HTTP/1.1", "Host: h");

      for (var path : new String[] {"/1\n", "/2\n", "/3\n"}) {
        assertThat(client.response().body()).isEqualTo(path);
      }
    }
  }

  @Test
  void closesAfterPipelinedGarbage() throws Exception {
    try (var service = TestService.start(ECHO);
        var client = service.raw()) {
      client.request("GET /1 HTTP/1.1", "Host: h").request("\u0001\u0002 garbage").send("GET /2");

      assertThat(client.response().body()).isEqualTo("/1\n");
      assertThat(client.response().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(service.get("/alive").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void refusesWhatIsTooLong() throws Exception {
    try (var service = TestService.start(ECHO)) {
      try (var client = service.raw()) {
        client.request("GET /" + "a".repeat(20_000) + " HTTP/1.1", "Host: h");
        var response = client.response();
        assertThat(response.status()).isEqualTo(414);
        assertThat(response.body()).isEqualTo("the request line is longer than 16384 bytes\n");
      }
      try (var client = service.raw()) {
        client.request("GET / HTTP/1.1", "Host: h", "X: " + "a".repeat(40_000));
        var response = client.response();
        assertThat(response.status()).isEqualTo(431);
        assertThat(response.body()).isEqualTo("the headers are longer than 32768 bytes\n");
      }
    }
  }

  @Test
  void refusesLengthsThatAreNone() throws Exception {
    try (var service = TestService.start(ECHO)) {
      for (var header :
          new String[] {
            "Content-Length: -1",
            "Content-Length: x",
            "Content-Length: 99999999999999999999",
            "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: 4, 5",
          }) {
        try (var client = service.raw()) {
          client.request("PUT / HTTP/1.1", "Host: h", header);
          assertThat(client.response().status()).as(header).isEqualTo(400);
        }
      }
    }
  }

  /// A request cannot hide in another one's body by naming two lengths for it, nor in trailers.
  @Test
  void takesNoRequestOutOfABody() throws Exception {
    ExchangeHandler handler =
        exchange -> exchange.respondText(200, exchange.body(1000).length + exchange.path());
    try (var service = TestService.start(handler)) {
      try (var client = service.raw()) {
        client.request(
            "PUT / HTTP/1.1", "Host: h", "Content-Length: 4", "Transfer-Encoding: chunked");
        assertThat(client.response().status()).isEqualTo(400);
        assertThat(client.isClosedByServer()).isTrue();
      }
      try (var client = service.raw()) {
        client
            .request("PUT /1 HTTP/1.1", "Host: h", "Transfer-Encoding: chunked")
            .send("5\r\nGET /\r\n0\r\nX-Trailer: GET /evil HTTP/1.1\r\n\r\n")
            .request("GET /2 HTTP/1.1", "Host: h");

        assertThat(client.response().body()).isEqualTo("5/1\n");
        assertThat(client.response().body()).isEqualTo("0/2\n");
      }
    }
  }

  @Test
  void closesOnABrokenChunk() throws Exception {
    ExchangeHandler handler =
        exchange -> exchange.respondText(200, exchange.body(1000).length + exchange.path());
    try (var service = TestService.start(handler);
        var client = service.raw()) {
      client
          .request("PUT /1 HTTP/1.1", "Host: h", "Transfer-Encoding: chunked")
          .send("zz\r\nxx\r\n");

      assertThat(client.isClosedByServer()).isTrue();
      assertThat(service.get("/alive").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void speaksHttp10() throws Exception {
    try (var service = TestService.start(ECHO);
        var client = service.raw()) {
      client.request("GET /old HTTP/1.0");

      assertThat(client.response().body()).isEqualTo("/old\n");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void offersNoUpgrade() throws Exception {
    try (var service = TestService.start(ECHO);
        var client = service.raw()) {
      client.request(
          "GET /up HTTP/1.1",
          "Host: h",
          "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__");
      assertThat(client.response()).matches(r -> r.status() == 200 && r.body().equals("/up\n"));
    }
  }
}
