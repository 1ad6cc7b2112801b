package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @Test
  void decodesOnce() throws Exception {
    assertThat(RequestPath.segments("/v2/a/blobs/sha256%3Aab"))
        .containsExactly("v2", "a", "blobs", "sha256:ab");
    assertThat(RequestPath.segments("/v2/")).containsExactly("v2", "");
    assertThat(RequestPath.segments("/v2/a/tags/v1..2")).endsWith("v1..2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "v2/",
        "http://host/v2/",
        "//v2/",
        "/v2//a/tags/list",
        "/v2/a/../b/tags/list",
        "/v2/a/./tags/list",
        "/v2/..",
        "/v2/a%2Fb/tags/list",
        "/v2/a%2fb/tags/list",
        "/v2/a/%2e%2e/tags/list",
        "/v2/a/%2E./tags/list",
        "/v2/a%252fb/tags/list",
        "/v2/a%25/tags/list",
        "/v2/a%00/tags/list",
        "/v2/a%5Cb/tags/list",
        "/v2/a\\b/tags/list",
        "/v2/a\u0000b/tags/list",
        "/v2/a%0d%0ab/tags/list",
        "/v2/a b/tags/list",
        "/v2/a%20b/tags/list",
        "/v2/caf\u00e9/tags/list",
        "/v2/caf%C3%A9/tags/list",
        "/v2/a%",
        "/v2/a%2",
        "/v2/a%zz",
        "/v2/a%\u0661\u0661",
      })
  void refusesWhatTwoReadersCouldReadInTwoWays(String path) {
    assertThatThrownBy(() -> RequestPath.segments(path))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID);
              assertThat(e.status()).isEqualTo(400);
            });
  }
}
