package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.ByteSpan;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-9, 0, 9",
    "bytes=3-5, 3, 5",
    "bytes=3-, 3, 9",
    "bytes=3-100, 3, 9",
    "bytes=-4, 6, 9",
    "bytes=-100, 0, 9",
    "bytes=9-9, 9, 9",
    "bytes=0-999999999999999999, 0, 9",
  })
  void findsThePartOfTenBytes(String header, long first, long last) {
    assertThat(ByteRange.parse(header, 10)).isEqualTo(new ByteRange(first, last));
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-", "bytes=10-20", "bytes=5-0", "bytes=-0", "bytes=999999999999999999-"})
  void knowsWhatIsNotThere(String header) {
    assertThat(ByteRange.parse(header, 10)).isEqualTo(ByteRange.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=-",
    "bytes=",
    "bytes=a-b",
    "items=0-1",
    "bytes=0-1;",
    "bytes=9999999999999999999-",
    "'bytes=0-1,3-4'",
    "bytes=--1",
    "0-1",
  })
  void ignoresWhatItMayIgnore(String header) {
    assertThat(ByteRange.parse(header, 10)).isNull();
  }

  @Test
  void hasNoPartOfNothing() {
    assertThat(ByteRange.parse("bytes=0-", 0)).isEqualTo(ByteRange.NONE);
    assertThat(ByteRange.parse("bytes=-5", 0)).isEqualTo(ByteRange.NONE);
    assertThat(ByteRange.parse(null, 0)).isNull();
  }

  @Test
  void readsThePlaceOfAPiece() throws Exception {
    assertThat(ContentRange.parse("0-9", 10)).isEqualTo(new ByteSpan(0, 9));
    assertThat(ContentRange.parse("5-5", -1)).isEqualTo(new ByteSpan(5, 5));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 0-9, 10",
    "0-9/10, 10",
    "-1-9, 10",
    "9-0, 10",
    "0-, 10",
    "a-b, 10",
    "0-8, 10",
    "0-99999999999999999999, 10",
    "9223372036854775807-9223372036854775807, 1",
    "0 - 9, 10",
  })
  void refusesPlacesThatAreNone(String header, long length) {
    assertThatThrownBy(() -> ContentRange.parse(header, length))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_INVALID);
              assertThat(e.status()).isEqualTo(416);
            });
  }
}
