package dev.referee.oci.json;

import static dev.referee.oci.ContentReason.JSON_MALFORMED;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.MalformedContentException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTest {
  /// N28 and N29: documents that two parsers could read differently.
  static Stream<byte[]> refused() {
    return Stream.concat(
        Stream.of(
                "",
                "   ",
                "{",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"n\":{\"a\":1,\"a\":2}}",
                "{} {}",
                "{}x",
                "{}]",
                "\uFEFF{}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":01}",
                "{\"a\":1e9999999999}",
                "{\"a\":+1}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":\"\n\"}",
                "{/* */}",
                "// x\n{}",
                "{\"a\":" + "1".repeat(1000) + "}",
                "[".repeat(StrictJson.MAX_DEPTH + 1) + "]".repeat(StrictJson.MAX_DEPTH + 1),
                "[".repeat(1_000_000))
            .map(text -> text.getBytes(UTF_8)),
        Stream.of(
            "{}".getBytes(UTF_16),
            // Overlong encoding of a slash.
            new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'},
            // A lone surrogate.
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xff, '"'}));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTwoParsersCouldReadDifferently(byte[] document) {
    assertThatThrownBy(() -> StrictJson.read(document, 1 << 21))
        .isInstanceOfSatisfying(
            MalformedContentException.class, e -> assertThat(e.reason()).isEqualTo(JSON_MALFORMED));
  }

  @Test
  void readsADocumentAsLongAsAllowed() {
    var text = "\"" + "x".repeat(30_000_000) + "\"";

    assertThat(StrictJson.read(text.getBytes(UTF_8), text.length()).textValue())
        .hasSize(30_000_000);
  }

  @Test
  void refusesADocumentThatIsNoObject() {
    assertThatThrownBy(() -> StrictJson.readObject("[]".getBytes(UTF_8), 10))
        .hasMessage("the JSON document is not an object");
  }

  @Test
  void doesNotRepeatHostileInput() {
    assertThatThrownBy(
            () ->
                StrictJson.read(("{\"" + "secret".repeat(1000) + "\":x}").getBytes(UTF_8), 1 << 20))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void namesTheFieldByItsPath() {
    var fields = StrictJson.readObject("{\"a\":{\"b\":[{\"c\":1}]}}".getBytes(UTF_8), 100);

    assertThatThrownBy(() -> fields.object("a").objects("b").getFirst().text("c"))
        .hasMessage("a.b[0].c is not a string");
    assertThatThrownBy(() -> fields.object("a").text("missing")).hasMessage("a.missing is missing");
  }

  @Test
  void takesNullForAbsent() {
    var fields = StrictJson.readObject("{\"a\":null}".getBytes(UTF_8), 100);

    assertThat(fields.has("a")).isFalse();
    assertThat(fields.optionalText("a")).isNull();
  }

  @Test
  void knowsOnlyTheFieldsThatAreNamed() {
    var fields = StrictJson.readObject("{\"a\":{\"b\":1,\"c\":null}}".getBytes(UTF_8), 100);

    fields.knowOnly("a", "d");
    fields.object("a").knowOnly("b", "c");
    assertThatThrownBy(() -> fields.object("a").knowOnly("b")).hasMessage("a.c is not known");
  }
}
