package dev.referee.server;

import static dev.referee.server.ExchangeReason.QUERY_MALFORMED;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The target of a request line, split but not decoded (RFC 9112 section 3.2).
///
/// @param path as sent, percent-encoding included, without the query
/// @param rawQuery what follows the first question mark; empty without one
record RequestTarget(String path, String rawQuery) {
  /// More than any request of ours has: a push with every tag it may name.
  private static final int MAX_PARAMETERS = 128;

  static RequestTarget parse(String target) {
    var origin = originForm(target);
    int question = origin.indexOf('?');
    return question < 0
        ? new RequestTarget(origin, "")
        : new RequestTarget(origin.substring(0, question), origin.substring(question + 1));
  }

  /// The parameters of the query, percent-decoded once. A plus sign stays a plus sign (RFC 3986):
  /// media types have them, and nothing that is asked of us has spaces.
  Map<String, List<String>> parameters() throws ExchangeException {
    if (rawQuery.isEmpty()) {
      return Map.of();
    }
    var parameters = new LinkedHashMap<String, List<String>>();
    int count = 0;
    for (var pair : rawQuery.split("&", MAX_PARAMETERS + 2)) {
      if (++count > MAX_PARAMETERS) {
        throw new ExchangeException(
            QUERY_MALFORMED, "the query has more than %d parameters".formatted(MAX_PARAMETERS));
      }
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  /// Proxies send `http://host/path`; the path is the same.
  private static String originForm(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int scheme = target.indexOf("://");
    int question = target.indexOf('?');
    if (scheme < 0 || (question >= 0 && question < scheme)) {
      return target;
    }
    for (int i = scheme + 3; i < target.length(); i++) {
      if (target.charAt(i) == '/') {
        return target.substring(i);
      }
      if (target.charAt(i) == '?') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }

  private static String decode(String text) throws ExchangeException {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.put(escaped(text, i));
        i += 2;
      } else {
        bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new ExchangeException(QUERY_MALFORMED, "the query is not UTF-8", e);
    }
  }

  private static byte escaped(String text, int percent) throws ExchangeException {
    if (percent + 2 >= text.length()
        || !HexFormat.isHexDigit(text.charAt(percent + 1))
        || !HexFormat.isHexDigit(text.charAt(percent + 2))) {
      throw new ExchangeException(
          QUERY_MALFORMED, "the query has a percent sign without two hexadecimal digits");
    }
    return (byte) HexFormat.fromHexDigits(text, percent + 1, percent + 3);
  }
}
