package dev.referee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  @Test
  void comparesSchemeHostAndPort() {
    assertThat(origin("https://A.example.com/x")).isEqualTo(origin("https://a.example.com:443/y"));
    assertThat(origin("http://a.example.com")).isNotEqualTo(origin("https://a.example.com"));
    assertThat(origin("http://a.example.com")).isEqualTo(origin("http://a.example.com:80"));
    assertThat(origin("https://[::1]:5000/x")).hasToString("https://[::1]:5000");
    assertThat(origin("https://a.example.com:443")).hasToString("https://a.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/v2/",
        "//host/x",
        "ftp://host/x",
        "file:///etc/passwd",
        "https:///x",
        "https://user@host/",
        "https://user:password@host/"
      })
  void refusesWhatHasNoOriginThatIsSpokenTo(String uri) {
    assertThatThrownBy(() -> origin(uri)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Origin origin(String uri) {
    return Origin.of(URI.create(uri));
  }
}
