package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeysTest {
  @TempDir private Path folder;
  private final MovingClock clock = new MovingClock();

  /// Secrets that differ by a number.
  static String secret(int number) {
    var bytes = new byte[32];
    bytes[0] = (byte) number;
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void signsByTheFirstAndVerifiesByAll() throws Exception {
    var old = TokenKeys.parse(secret(1).getBytes(UTF_8));
    var rotated =
        TokenKeys.parse("# two\n%s\n\n %s \r\n".formatted(secret(2), secret(1)).getBytes(UTF_8));

    assertThat(rotated.keys()).hasSize(2);
    assertThat(rotated.of(old.signing().sign("{}"))).isNotNull();
    assertThat(old.of(rotated.signing().sign("{}"))).isNull();
    assertThat(rotated.signing().id()).isNotEqualTo(old.signing().id());
  }

  @Test
  void showsNoSecret() throws Exception {
    var keys = TokenKeys.parse(secret(1).getBytes(UTF_8));

    assertThat(keys.toString()).contains(keys.signing().id()).doesNotContain(secret(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n# only a comment\n",
        "c2hvcnQ=",
        "not base64!",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void refusesWhatIsNoSecret(String content) {
    assertThatThrownBy(() -> TokenKeys.parse(content.getBytes(UTF_8)))
        .isInstanceOf(AccessFileException.class)
        .hasMessageMatching("(line [12] .*|it has no secret.*)")
        .hasMessageNotContaining("AAAA");
  }

  @Test
  void refusesMoreThanAnybodyRotates() {
    var many =
        IntStream.range(0, 17).mapToObj(TokenKeysTest::secret).collect(Collectors.joining("\n"));

    assertThatThrownBy(() -> TokenKeys.parse(many.getBytes(UTF_8)))
        .hasMessage("line 17 is one secret too many: 16 are allowed");
  }

  @Test
  void takesUpAChangedFileAndKeepsTheOldKeysWhereItIsBroken() throws Exception {
    var path = Files.writeString(folder.resolve("keys"), secret(1));
    var file = TokenKeyFile.open(path, clock);
    var first = file.get().signing().id();

    Files.writeString(path, secret(2));
    assertThat(file.get().signing().id()).isEqualTo(first);
    clock.advance(Reloaded.INTERVAL);
    var second = file.get().signing().id();
    assertThat(second).isNotEqualTo(first);

    Files.writeString(path, "broken");
    clock.advance(Reloaded.INTERVAL);
    assertThat(file.get().signing().id()).isEqualTo(second);
    Files.delete(path);
    clock.advance(Reloaded.INTERVAL);
    assertThat(file.get().signing().id()).isEqualTo(second);
    Files.writeString(path, secret(1));
    clock.advance(Reloaded.INTERVAL);
    assertThat(file.get().signing().id()).isEqualTo(first);
  }

  @Test
  void doesNotOpenWithoutKeys() throws Exception {
    var absent = folder.resolve("absent");
    assertThatThrownBy(() -> TokenKeyFile.open(absent, clock))
        .isInstanceOf(AccessFileException.class)
        .hasMessageContaining("absent cannot be read");
    var broken = Files.writeString(folder.resolve("broken"), "c2hvcnQ=");
    assertThatThrownBy(() -> TokenKeyFile.open(broken, clock))
        .isInstanceOf(AccessFileException.class)
        .hasMessageContaining("broken: line 1 has 5 bytes");
    assertThatThrownBy(() -> FileAccess.open(null, null, broken, clock))
        .isInstanceOf(AccessFileException.class)
        .hasMessageContaining("who may do what");
  }
}
