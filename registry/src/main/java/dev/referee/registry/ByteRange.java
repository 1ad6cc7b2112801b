package dev.referee.registry;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The part of a blob that a client wants (RFC 9110 section 14.2).
///
/// @param first offset of its first byte
/// @param last offset of its last byte
record ByteRange(long first, long last) {
  /// Up to 18 digits: more would not fit a long, and no blob is as large.
  private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /// The answer to a range that the content does not have.
  static final ByteRange NONE = new ByteRange(-1, -1);

  /// Reads a `Range` header.
  ///
  /// @param size the length of the content
  /// @return null for everything: several ranges, other units and broken headers are ignored, as a
  ///   server may
  static @Nullable ByteRange parse(@Nullable String header, long size) {
    if (header == null) {
      return null;
    }
    var matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches()) {
      return null;
    }
    var first = matcher.group(1);
    var last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? null : suffix(Long.parseLong(last), size);
    }
    long begin = Long.parseLong(first);
    long end = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
    return begin > end ? NONE : new ByteRange(begin, end);
  }

  long length() {
    return last - first + 1;
  }

  private static ByteRange suffix(long length, long size) {
    long sent = Math.min(length, size);
    return sent == 0 ? NONE : new ByteRange(size - sent, size - 1);
  }
}
