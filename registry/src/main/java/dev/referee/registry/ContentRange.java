package dev.referee.registry;

import dev.referee.registry.content.ByteSpan;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.util.regex.Pattern;

/// The `Content-Range` of a piece of an upload, which is not HTTP's: `<first>-<last>` without a
/// unit and a total (distribution-spec v1.1.1, "Pushing a blob in chunks").
final class ContentRange {
  /// Up to 18 digits: more would not fit a long, and no blob is as large.
  private static final Pattern PATTERN = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  private ContentRange() {}

  /// @param bodyLength the declared length of the piece, or -1
  /// @throws RegistryException with `BLOB_UPLOAD_INVALID` when it is no range, or not this piece's
  static ByteSpan parse(String header, long bodyLength) throws RegistryException {
    var matcher = PATTERN.matcher(header);
    if (!matcher.matches()) {
      throw invalid("the Content-Range is not of the form <first>-<last>");
    }
    long start = Long.parseLong(matcher.group(1));
    long end = Long.parseLong(matcher.group(2));
    if (end < start) {
      throw invalid("the Content-Range ends before it begins");
    }
    var span = new ByteSpan(start, end);
    if (bodyLength >= 0 && bodyLength != span.length()) {
      throw invalid(
          "the Content-Range has %d bytes, the body %d".formatted(span.length(), bodyLength));
    }
    return span;
  }

  private static RegistryException invalid(String message) {
    return new RegistryException(ErrorCode.BLOB_UPLOAD_INVALID, message);
  }
}
