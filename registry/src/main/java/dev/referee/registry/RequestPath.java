package dev.referee.registry;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.util.HexFormat;
import java.util.List;

/// The path of a request, decoded once and free of everything that two readers could read in two
/// ways: routing, access and storage all see these segments and nothing else.
final class RequestPath {
  private RequestPath() {}

  /// The segments between the slashes of a path that begins with one.
  ///
  /// @throws RegistryException for empty and dot segments, and for encoded characters that names,
  ///   tags and digests never need encoded
  static List<String> segments(String raw) throws RegistryException {
    var path = decode(raw);
    if (!path.startsWith("/")) {
      throw refused("does not begin with a slash");
    }
    var segments = List.of(path.substring(1).split("/", -1));
    for (int i = 0; i < segments.size(); i++) {
      var segment = segments.get(i);
      // The last may be empty: /v2/ and the beginning of an upload end in a slash.
      if (segment.isEmpty() && i < segments.size() - 1) {
        throw refused("has an empty segment");
      }
      if (segment.equals(".") || segment.equals("..")) {
        throw refused("has a dot segment");
      }
    }
    return segments;
  }

  private static String decode(String raw) throws RegistryException {
    var path = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        c = escaped(raw, i);
        i += 2;
        if (c == '/' || c == '%' || c == '.') {
          throw refused("encodes a character that names never need encoded");
        }
      }
      if (c <= ' ' || c >= 0x7f || c == '\\') {
        throw refused("has a character that no name has");
      }
      path.append(c);
    }
    return path.toString();
  }

  private static char escaped(String raw, int percent) throws RegistryException {
    if (percent + 2 >= raw.length()
        || !HexFormat.isHexDigit(raw.charAt(percent + 1))
        || !HexFormat.isHexDigit(raw.charAt(percent + 2))) {
      throw refused("has a percent sign without two hexadecimal digits");
    }
    return (char) HexFormat.fromHexDigits(raw, percent + 1, percent + 3);
  }

  private static RegistryException refused(String why) {
    return new RegistryException(ErrorCode.NAME_INVALID, "the path " + why);
  }
}
