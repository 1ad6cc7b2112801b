package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/v2/, /v2/, ''",
    "/a%2Fb?x=1, /a%2Fb, x=1",
    "/a?b?c, /a, b?c",
    "http://host:80/a/b?c, /a/b, c",
    "http://host, /, ''",
    "http://host?q, /, q",
    "//host/a, //host/a, ''",
    "/a?x=http://host/b, /a, x=http://host/b",
    "*, *, ''",
    "x?://host/b, x, ://host/b",
  })
  void splitsWithoutDecoding(String target, String path, String query) {
    assertThat(RequestTarget.parse(target)).isEqualTo(new RequestTarget(path, query));
  }

  @Test
  void decodesParametersOnce() throws Exception {
    var parameters =
        RequestTarget.parse("/?digest=sha256%3Aab&n=%2541&tag=a&tag=b&flag&=x&&u=%C3%A9")
            .parameters();

    assertThat(parameters)
        .containsEntry("digest", List.of("sha256:ab"))
        .containsEntry("n", List.of("%41"))
        .containsEntry("tag", List.of("a", "b"))
        .containsEntry("flag", List.of(""))
        .containsEntry("", List.of("x"))
        .containsEntry("u", List.of("\u00e9"));
  }

  @Test
  void leavesPlusSignsAlone() throws Exception {
    assertThat(RequestTarget.parse("/?t=application/spdx+json&u=a%2Bb").parameters())
        .containsEntry("t", List.of("application/spdx+json"))
        .containsEntry("u", List.of("a+b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?a=%", "/?a=%2", "/?a=%zz", "/?%=1", "/?a=%ff", "/?a=%\u0661\u0661"})
  void refusesWhatIsNotPercentEncodedUtf8(String target) {
    assertThatThrownBy(() -> RequestTarget.parse(target).parameters())
        .isInstanceOfSatisfying(
            ExchangeException.class,
            e -> assertThat(e.reason()).isEqualTo(ExchangeReason.QUERY_MALFORMED));
  }

  @Test
  void refusesTooManyParameters() {
    assertThatThrownBy(() -> RequestTarget.parse("/?" + "a&".repeat(1000)).parameters())
        .isInstanceOf(ExchangeException.class)
        .hasMessageContaining("128");
  }
}
