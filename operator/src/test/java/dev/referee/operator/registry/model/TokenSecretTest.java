package dev.referee.operator.registry.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
  private static final RegistryNames NAMES = new RegistryNames("shop", "images", "uid-1");
  private static final String SECRET = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void makesASecretLikeNoOther() {
    var one = TokenSecret.make(NAMES);
    var other = TokenSecret.make(NAMES);

    assertThat(one.getMetadata().getName()).isEqualTo("images-tokens");
    assertThat(one.getMetadata().getOwnerReferences().getFirst().getUid()).isEqualTo("uid-1");
    assertThat(one.getData()).containsOnlyKeys("keys").isNotEqualTo(other.getData());
    var content = Base64.getDecoder().decode(one.getData().get("keys"));
    assertThat(new String(content, UTF_8)).hasLineCount(1);
    assertThat(Base64.getDecoder().decode(new String(content, UTF_8).strip())).hasSize(32);
    assertThat(TokenSecret.isUsable(content)).isTrue();
  }

  @Test
  void takesWhatItsUserPutIntoIt() {
    var content =
        "# of today\n" + Base64.getEncoder().encodeToString(new byte[48]) + "\n\n" + SECRET;
    assertThat(TokenSecret.isUsable(content.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "c2hvcnQ=", "no base64!", SHORT_BESIDE_LONG})
  void refusesWhatNothingIsSignedBy(String content) {
    assertThat(TokenSecret.isUsable(content.getBytes(UTF_8))).isFalse();
  }

  /// No registry would start with these.
  @Test
  void refusesASecretThatStandsThereTwiceAndTooMany() {
    assertThat(TokenSecret.isUsable((SECRET + "\n" + SECRET).getBytes(UTF_8))).isFalse();
    var many = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      var secret = new byte[32];
      secret[0] = (byte) i;
      many.append(Base64.getEncoder().encodeToString(secret)).append('\n');
    }
    assertThat(TokenSecret.isUsable(many.toString().getBytes(UTF_8))).isTrue();
    var last = new byte[32];
    last[0] = 16;
    many.append(Base64.getEncoder().encodeToString(last)).append('\n');
    assertThat(TokenSecret.isUsable(many.toString().getBytes(UTF_8))).isFalse();
  }

  private static final String SHORT_BESIDE_LONG =
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nc2hvcnQ=";
}
