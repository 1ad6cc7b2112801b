package dev.referee.verify.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One document, one reading.
class CborReaderTest {
  private static final int MAX = 1 << 20;

  private static CborValue read(String hex) throws MalformedCborException {
    return CborReader.read(HexFormat.of().parseHex(hex), MAX);
  }

  /// Of RFC 8949, appendix A.
  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "17, 23",
    "1818, 24",
    "18ff, 255",
    "190100, 256",
    "1a000f4240, 1000000",
    "1b000000e8d4a51000, 1000000000000",
    "20, -1",
    "3863, -100",
    "3903e7, -1000",
    "1b7fffffffffffffff, 9223372036854775807",
    "3b7fffffffffffffff, -9223372036854775808"
  })
  void readsNumbers(String hex, long expected) throws MalformedCborException {
    assertThat(read(hex)).isEqualTo(new CborValue.Whole(expected));
  }

  @Test
  void readsEveryKind() throws MalformedCborException {
    assertThat(read("6449455446")).isEqualTo(new CborValue.Text("IETF"));
    assertThat(read("62c3bc")).isEqualTo(new CborValue.Text("\u00fc"));
    assertThat(read("f4")).isEqualTo(new CborValue.Truth(false));
    assertThat(read("f5")).isEqualTo(new CborValue.Truth(true));
    assertThat(read("f6")).isEqualTo(new CborValue.Nothing());
    assertThat(read("c11a514b67b0"))
        .isEqualTo(new CborValue.Tagged(1, new CborValue.Whole(1363896240)));
    assertThat(read("83010203"))
        .isEqualTo(
            new CborValue.Sequence(
                List.of(new CborValue.Whole(1), new CborValue.Whole(2), new CborValue.Whole(3))));
    assertThat(read("a201020304"))
        .isEqualTo(
            new CborValue.Pairs(
                Map.of(
                    new CborValue.Whole(1), new CborValue.Whole(2),
                    new CborValue.Whole(3), new CborValue.Whole(4))));
    assertThat(((CborValue.Bytes) read("4401020304")).value()).containsExactly(1, 2, 3, 4);
  }

  /// N78: a number and a text are two keys, whatever other readers make of them.
  @Test
  void n78KeepsTheNumberOneAndTheTextOneApart() throws MalformedCborException {
    var map = ((CborValue.Pairs) read("a2012661312c")).entries();

    assertThat(map)
        .containsEntry(new CborValue.Whole(1), new CborValue.Whole(-7))
        .containsEntry(new CborValue.Text("1"), new CborValue.Whole(-13));
  }

  /// N78: duplicate keys, indefinite lengths, trailing bytes, and every other second spelling.
  @ParameterizedTest
  @CsvSource({
    "'', ends too early",
    "18, ends too early",
    "c1, ends too early",
    "0000, 1 bytes follow",
    "a201020103, one key twice",
    "a2616101616102, one key twice",
    "9fff, without definite length",
    "bfff, without definite length",
    "5f41014102ff, without definite length",
    "7f6161ff, without definite length",
    "1c00, without definite length",
    "1801, shortest form",
    "190018, shortest form",
    "1a00000100, shortest form",
    "1b0000000000000001, shortest form",
    "5801ff, shortest form",
    "1b8000000000000000, more than 63 bits",
    "3bffffffffffffffff, more than 63 bits",
    "420100ff, 1 bytes follow",
    "4201, longer than its document",
    "5bffffffffffffffff00, more than 63 bits",
    "5b7fffffffffffffff00, longer than its document",
    "9b7fffffffffffffff00, longer than its document",
    "a300000100, longer than its document",
    "62c328, not UTF-8",
    "61ff, not UTF-8",
    "f7, kind that is not read",
    "f93c00, kind that is not read",
    "fb3ff0000000000000, kind that is not read",
    "e0, kind that is not read",
    "f820, kind that is not read",
    "ff, kind that is not read",
    "a1410100, neither a number nor a text",
    "a1f600, neither a number nor a text"
  })
  void n78RefusesWhatCouldBeReadTwoWays(String hex, String words) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOf(MalformedCborException.class)
        .hasMessageContaining(words);
  }

  @Test
  void boundsDepthCountAndSize() throws MalformedCborException {
    read("81".repeat(8) + "00");
    assertThatThrownBy(() -> read("81".repeat(9) + "00"))
        .isInstanceOf(MalformedCborException.class)
        .hasMessageContaining("deep");
    assertThatThrownBy(() -> read("c1".repeat(100_000) + "00"))
        .isInstanceOf(MalformedCborException.class)
        .hasMessageContaining("deep");
    read("9903ff" + "00".repeat(1023));
    assertThatThrownBy(() -> read("990400" + "00".repeat(1024)))
        .isInstanceOf(MalformedCborException.class)
        .hasMessageContaining("items");
    assertThatThrownBy(() -> CborReader.read(new byte[2], 1))
        .isInstanceOf(MalformedCborException.class)
        .hasMessageContaining("2 bytes, 1 are allowed");
  }

  /// What is written is read again, for many documents that nobody chose.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsWhatIsWritten(long seed) throws MalformedCborException {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var map = new LinkedHashMap<Object, Object>();
      var expected = new HashMap<CborValue.Label, CborValue>();
      for (int j = random.nextInt(10); j > 0; j--) {
        long key = random.nextLong() >> random.nextInt(64);
        long value = random.nextLong() >> random.nextInt(64);
        map.put(key, value);
        map.put(Long.toString(key), List.of(value));
        expected.put(new CborValue.Whole(key), new CborValue.Whole(value));
        expected.put(
            new CborValue.Text(Long.toString(key)),
            new CborValue.Sequence(List.of(new CborValue.Whole(value))));
      }
      assertThat(CborReader.read(CborWriter.write(map), MAX))
          .as("seed %d", seed)
          .isEqualTo(new CborValue.Pairs(expected));
    }
  }
}
