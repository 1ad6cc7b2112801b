package dev.referee.verify.cbor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/// A CBOR data item (RFC 8949 section 3), of the kinds that signed documents are made of. A number
/// and a text are never the same key: `1` and `"1"` are two headers.
public sealed interface CborValue {
  /// What a map may be keyed by.
  sealed interface Label extends CborValue permits Whole, Text {}

  /// An integer, major type 0 or 1, that fits 64 bits with its sign.
  record Whole(long value) implements Label {}

  /// A text string, major type 3.
  record Text(String value) implements Label {
    public Text {
      requireNonNull(value, "value is null");
    }
  }

  /// A byte string, major type 2; whoever reads it does not change it.
  @SuppressWarnings("ArrayRecordComponent") // Never compared: it is no key.
  record Bytes(byte[] value) implements CborValue {
    public Bytes {
      requireNonNull(value, "value is null");
    }
  }

  /// An array, major type 4.
  record Sequence(List<CborValue> elements) implements CborValue {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /// A map, major type 5, without two equal keys.
  record Pairs(Map<Label, CborValue> entries) implements CborValue {
    public Pairs {
      entries = Map.copyOf(entries);
    }
  }

  /// A tagged item, major type 6.
  record Tagged(long tag, CborValue content) implements CborValue {
    public Tagged {
      requireNonNull(content, "content is null");
    }
  }

  /// `false` or `true`.
  record Truth(boolean value) implements CborValue {}

  /// `null`.
  record Nothing() implements CborValue {}
}
