package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:0, 127.0.0.1, 0, 127.0.0.1:0",
    "localhost:5000, localhost, 5000, localhost:5000",
    "registry.example.com:65535, registry.example.com, 65535, registry.example.com:65535",
    "[::1]:443, ::1, 443, [::1]:443",
    "[::]:8443, ::, 8443, [::]:8443",
    "0.0.0.0:80, 0.0.0.0, 80, 0.0.0.0:80",
  })
  void readsHostAndPort(String text, String host, int port, String shown) {
    assertThat(ListenAddress.parse(text))
        .isEqualTo(new ListenAddress(host, port))
        .hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "5000, has no port",
    "'', has no port",
    ":5000, write 0.0.0.0:5000",
    "localhost:, does not end in a port",
    "localhost:http, does not end in a port",
    "localhost:-1, does not end in a port",
    "localhost:+80, does not end in a port",
    "localhost:65536, not within 0..65535",
    "localhost:999999, does not end in a port",
    "::1:5000, stands in brackets",
    "http://localhost:5000, stands in brackets",
    "loc alhost:5000, not a host",
    "[localhost]:5000, not a host",
    "user@host:5000, not a host",
    "-host:5000, not a host",
  })
  void saysWhatIsWrong(String text, String sentence) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void knowsLoopback() {
    assertThat(new ListenAddress("127.0.0.1", 0).isLoopback()).isTrue();
    assertThat(new ListenAddress("::1", 0).isLoopback()).isTrue();
    assertThat(new ListenAddress("0.0.0.0", 0).isLoopback()).isFalse();
    assertThat(new ListenAddress("does-not-resolve.invalid", 0).isLoopback()).isFalse();
  }
}
