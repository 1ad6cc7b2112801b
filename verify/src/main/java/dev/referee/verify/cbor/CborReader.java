package dev.referee.verify.cbor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads CBOR so that two readers cannot see two documents in the same bytes: definite lengths,
/// each number in its shortest form (RFC 8949 section 4.2.1), no duplicate keys, valid UTF-8,
/// nothing after the item, and bounded in every dimension. The order of a map's keys is free, since
/// COSE leaves it so.
public final class CborReader {
  /// COSE_Sign1 needs four levels.
  private static final int MAX_DEPTH = 8;

  /// An envelope of Notary has about thirty items.
  private static final int MAX_ITEMS = 1024;

  private final byte[] content;
  private int at;
  private int items;

  private CborReader(byte[] content) {
    this.content = content;
  }

  /// Reads one item that fills the bytes.
  ///
  /// @param maxBytes more than this is refused unread
  /// @throws MalformedCborException for anything that is not read; nothing else escapes
  public static CborValue read(byte[] content, int maxBytes) throws MalformedCborException {
    if (content.length > maxBytes) {
      throw new MalformedCborException(
          "the CBOR document has %d bytes, %d are allowed".formatted(content.length, maxBytes));
    }
    var reader = new CborReader(content);
    var value = reader.item(0);
    if (reader.at != content.length) {
      throw new MalformedCborException(
          "%d bytes follow the CBOR item".formatted(content.length - reader.at));
    }
    return value;
  }

  private CborValue item(int depth) throws MalformedCborException {
    if (depth > MAX_DEPTH) {
      throw new MalformedCborException("CBOR nested more than %d deep".formatted(MAX_DEPTH));
    }
    if (++items > MAX_ITEMS) {
      throw new MalformedCborException("CBOR of more than %d items".formatted(MAX_ITEMS));
    }
    int head = nextByte();
    int additional = head & 0x1f;
    return switch (head >> 5) {
      case 0 -> new CborValue.Whole(argument(additional));
      case 1 -> new CborValue.Whole(-1 - argument(additional));
      case 2 -> new CborValue.Bytes(bytes(length(additional, 1)));
      case 3 -> new CborValue.Text(text(bytes(length(additional, 1))));
      case 4 -> sequence(length(additional, 1), depth);
      case 5 -> pairs(length(additional, 2), depth);
      case 6 -> new CborValue.Tagged(argument(additional), item(depth + 1));
      default -> simple(additional);
    };
  }

  private CborValue.Sequence sequence(int length, int depth) throws MalformedCborException {
    List<CborValue> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      elements.add(item(depth + 1));
    }
    return new CborValue.Sequence(elements);
  }

  private CborValue.Pairs pairs(int length, int depth) throws MalformedCborException {
    Map<CborValue.Label, CborValue> entries = new HashMap<>();
    for (int i = 0; i < length; i++) {
      if (!(item(depth + 1) instanceof CborValue.Label key)) {
        throw new MalformedCborException("a CBOR map is keyed by neither a number nor a text");
      }
      if (entries.put(key, item(depth + 1)) != null) {
        throw new MalformedCborException("a CBOR map has one key twice");
      }
    }
    return new CborValue.Pairs(entries);
  }

  private static CborValue simple(int additional) throws MalformedCborException {
    return switch (additional) {
      case 20 -> new CborValue.Truth(false);
      case 21 -> new CborValue.Truth(true);
      case 22 -> new CborValue.Nothing();
      // Floats, `undefined`, the end of something without length.
      default -> throw new MalformedCborException("a CBOR item of a kind that is not read");
    };
  }

  /// A count of bytes or items that can be there: memory is never promised to a number alone.
  private int length(int additional, int bytesEach) throws MalformedCborException {
    long length = argument(additional);
    if (length > (content.length - at) / bytesEach) {
      throw new MalformedCborException("a CBOR item is longer than its document");
    }
    return (int) length;
  }

  private long argument(int additional) throws MalformedCborException {
    if (additional < 24) {
      return additional;
    }
    long shortest =
        switch (additional) {
          case 24 -> 24;
          case 25 -> 1L << 8;
          case 26 -> 1L << 16;
          case 27 -> 1L << 32;
          // 31 is an indefinite length, 28 to 30 are unassigned.
          default -> throw new MalformedCborException("a CBOR item without definite length");
        };
    long value = 0;
    for (int i = 0; i < 1 << (additional - 24); i++) {
      value = value << 8 | nextByte();
    }
    if (value < 0) {
      throw new MalformedCborException("a CBOR number has more than 63 bits");
    }
    if (value < shortest) {
      throw new MalformedCborException("a CBOR number is not in its shortest form");
    }
    return value;
  }

  private int nextByte() throws MalformedCborException {
    if (at >= content.length) {
      throw new MalformedCborException("the CBOR document ends too early");
    }
    return content[at++] & 0xff;
  }

  private byte[] bytes(int length) {
    at += length;
    return Arrays.copyOfRange(content, at - length, at);
  }

  private static String text(byte[] encoded) throws MalformedCborException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedCborException("a CBOR text is not UTF-8");
    }
  }
}
