package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @Test
  void readsWhatClientsSend() {
    assertThat(Credentials.parse(List.of())).isEqualTo(new Credentials.None());
    assertThat(parse("Basic " + base64("ci:a:b \u20ac")))
        .isEqualTo(new Credentials.Basic("ci", "a:b \u20ac"));
    assertThat(parse("basic  " + base64("::"))).isEqualTo(new Credentials.Basic("", ":"));
    assertThat(parse("Basic " + base64(":"))).isEqualTo(new Credentials.None());
    assertThat(parse("BEARER x.y.z")).isEqualTo(new Credentials.Bearer("x.y.z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Bearer",
        "Bearer ",
        "Basic !",
        "Basic Y2k=",
        "Basic /w==",
        "Digest x",
        "x:y"
      })
  void takesNothingElse(String header) {
    assertThat(parse(header)).isNull();
  }

  @Test
  void takesNoneOfTwo() {
    var one = "Basic " + base64("ci:x");
    assertThat(Credentials.parse(List.of(one, one))).isNull();
  }

  @Test
  void printsNoSecrets() {
    assertThat(new Credentials.Basic("ci", "secret")).asString().doesNotContain("secret", "ci");
    assertThat(new Credentials.Bearer("secret")).asString().doesNotContain("secret");
  }

  private static @org.jspecify.annotations.Nullable Credentials parse(String header) {
    return Credentials.parse(List.of(header));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
