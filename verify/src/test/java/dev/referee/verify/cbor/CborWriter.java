package dev.referee.verify.cbor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes CBOR out of what Java has: numbers, texts, bytes, lists, maps in their order, times.
public final class CborWriter {
  private CborWriter() {}

  /// Something with a tag before it.
  public record Tag(long tag, @Nullable Object content) {}

  public static byte[] write(@Nullable Object value) {
    var out = new ByteArrayOutputStream();
    write(out, value);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, @Nullable Object value) {
    switch (value) {
      case null -> out.write(0xf6);
      case Boolean truth -> out.write(truth ? 0xf5 : 0xf4);
      case Integer number -> write(out, number.longValue());
      case Long number -> head(out, number < 0 ? 1 : 0, number < 0 ? -1 - number : number);
      case byte[] bytes -> {
        head(out, 2, bytes.length);
        out.writeBytes(bytes);
      }
      case String text -> {
        var bytes = text.getBytes(UTF_8);
        head(out, 3, bytes.length);
        out.writeBytes(bytes);
      }
      case List<?> list -> {
        head(out, 4, list.size());
        list.forEach(element -> write(out, element));
      }
      case Map<?, ?> map -> {
        head(out, 5, map.size());
        map.forEach(
            (key, element) -> {
              write(out, key);
              write(out, element);
            });
      }
      case Tag tag -> {
        head(out, 6, tag.tag());
        write(out, tag.content());
      }
      case Instant time -> write(out, new Tag(1, time.getEpochSecond()));
      default -> throw new IllegalArgumentException("CBOR for " + value.getClass());
    }
  }

  private static void head(ByteArrayOutputStream out, int major, long argument) {
    int type = major << 5;
    int bytes =
        argument < 24
            ? 0
            : argument < 1L << 8 ? 1 : argument < 1L << 16 ? 2 : argument < 1L << 32 ? 4 : 8;
    if (bytes == 0) {
      out.write(type | (int) argument);
      return;
    }
    out.write(type | (24 + Integer.numberOfTrailingZeros(bytes)));
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (argument >> shift));
    }
  }
}
