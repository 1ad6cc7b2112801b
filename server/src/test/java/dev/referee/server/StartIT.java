package dev.referee.server;

import static dev.referee.server.ServerStartReason.ADDRESS_IN_USE;
import static dev.referee.server.ServerStartReason.ADDRESS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StartIT {
  private static final ExchangeHandler OK = exchange -> exchange.respondText(200, "ok");

  @Test
  void takesAFreePort() throws Exception {
    try (var one = TestService.start(OK);
        var two = TestService.start(OK)) {
      assertThat(one.uri().getPort()).isPositive().isNotEqualTo(two.uri().getPort());
      assertThat(one.uri().getHost()).isEqualTo("127.0.0.1");
      assertThat(one.uri().getScheme()).isEqualTo("http");
    }
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (var first = TestService.start(OK)) {
      var taken = new ListenAddress("127.0.0.1", first.uri().getPort());

      assertRefused(taken, ADDRESS_IN_USE, "cannot listen on " + taken);
      assertThat(first.get("/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void saysThatAnAddressIsNotOurs() {
    // TEST-NET-1 (RFC 5737) is nobody's.
    assertRefused(
        new ListenAddress("192.0.2.1", 0), ADDRESS_UNAVAILABLE, "cannot listen on 192.0.2.1:0");
    assertRefused(
        new ListenAddress("does-not-resolve.invalid", 0), ADDRESS_UNAVAILABLE, "does not resolve");
  }

  @Test
  void reloadsNoCertificateWithoutTls() throws Exception {
    try (var service = TestService.start(OK)) {
      assertThatThrownBy(() -> service.service().reloadCertificate())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void assertRefused(
      ListenAddress address, ServerStartReason reason, String sentence) {
    var config = HttpServiceConfig.listening(address).build();
    assertThatThrownBy(() -> HttpService.start(config, OK))
        .isInstanceOfSatisfying(
            ServerStartException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e).hasMessageContaining(sentence);
            });
  }
}
