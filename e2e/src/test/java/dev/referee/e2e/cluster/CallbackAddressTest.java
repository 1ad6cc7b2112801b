package dev.referee.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallbackAddressTest {
  @Test
  void isTheLocalAddressOfASocketToTheApiServer() throws IOException {
    try (var apiServer = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var address = CallbackAddress.towards(url(apiServer), Map.of());

      assertThat(address.host()).isEqualTo("127.0.0.1");
      assertThat(address.bind().isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void isWhatTheVariableSays() throws IOException {
    try (var apiServer = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var address =
          CallbackAddress.towards(url(apiServer), Map.of("REFEREE_E2E_HOST", "host.test "));

      assertThat(address.host()).isEqualTo("host.test");
      assertThat(address.bind().isAnyLocalAddress()).isTrue();
    }
  }

  @Test
  void putsIpv6InBrackets() throws IOException {
    var address = new CallbackAddress("fd00::1", InetAddress.ofLiteral("::"));

    assertThat(address.https(8443, "/validate"))
        .isEqualTo(URI.create("https://[fd00::1]:8443/validate"));
  }

  @Test
  void namesTheApiServerThatDoesNotAnswer() throws IOException {
    var closed = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    closed.close();

    assertThatThrownBy(() -> CallbackAddress.towards(url(closed), Map.of()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("cannot open a connection to the API server " + url(closed));
  }

  private static URI url(ServerSocket server) {
    return URI.create("https://127.0.0.1:" + server.getLocalPort());
  }
}
