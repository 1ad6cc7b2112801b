package dev.referee.verify.notation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Takes the string form of a distinguished name apart (RFC 4514 section 3). Parts of several
/// attributes and values in hexadecimal are not read: a policy that nobody can read wrongly has
/// neither.
final class DistinguishedNameParts {
  /// Characters that may follow a backslash for themselves.
  private static final String ESCAPABLE = " \"#+,;<=>\\";

  /// Characters that never stand for themselves.
  private static final String SPECIAL = "\"+;<>\0";

  private final String text;
  private int at;

  private DistinguishedNameParts(String text) {
    this.text = text;
  }

  /// One part of a name.
  record Part(String type, String value) {}

  static List<Part> split(String text) throws UnusableNotationTrustException {
    var reader = new DistinguishedNameParts(text);
    var parts = new ArrayList<Part>();
    do {
      parts.add(new Part(reader.type(), reader.value()));
    } while (reader.skipComma());
    return parts;
  }

  private String type() throws UnusableNotationTrustException {
    int equals = text.indexOf('=', at);
    if (equals < 0) {
      throw malformed("a part without =");
    }
    var type = text.substring(at, equals).strip();
    if (type.isEmpty() || !type.chars().allMatch(DistinguishedNameParts::isOfType)) {
      throw malformed("an attribute whose type is no name");
    }
    at = equals + 1;
    return type;
  }

  private static boolean isOfType(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
  }

  private String value() throws UnusableNotationTrustException {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '#') {
      throw malformed("a value in hexadecimal");
    }
    var value = new StringBuilder();
    // Spaces at the end belong to a value only when they are escaped.
    int end = 0;
    while (at < text.length() && text.charAt(at) != ',') {
      char c = text.charAt(at);
      if (SPECIAL.indexOf(c) >= 0) {
        throw malformed("a character that has to be escaped");
      }
      if (c == '\\') {
        value.append(escaped());
        end = value.length();
      } else {
        value.append(c);
        at++;
        if (c != ' ') {
          end = value.length();
        }
      }
    }
    return value.substring(0, end);
  }

  /// What one backslash, or several for the bytes of one text, stand for.
  private String escaped() throws UnusableNotationTrustException {
    if (at + 1 < text.length() && ESCAPABLE.indexOf(text.charAt(at + 1)) >= 0) {
      at += 2;
      return text.substring(at - 1, at);
    }
    var bytes = new ByteArrayOutputStream();
    while (at + 2 < text.length()
        && text.charAt(at) == '\\'
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2))) {
      bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
      at += 3;
    }
    if (bytes.size() == 0) {
      throw malformed("a backslash that escapes nothing");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("escaped bytes that are not UTF-8");
    }
  }

  private boolean skipComma() {
    if (at >= text.length()) {
      return false;
    }
    at++;
    return true;
  }

  private static UnusableNotationTrustException malformed(String what) {
    return new UnusableNotationTrustException("the distinguished name has " + what);
  }
}
