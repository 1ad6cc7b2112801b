package dev.referee.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a request's body, as forms have them. They may be passwords: no message repeats
/// them.
///
/// @param fields values by name, in order
record FormBody(Map<String, List<String>> fields) {
  /// Longer than any token of a service account with some scopes.
  static final int MAX_BYTES = 16 << 10;

  private static final String TYPE = "application/x-www-form-urlencoded";

  /// Reads the body.
  ///
  /// @throws RegistryException with `REQUEST_INVALID` for what is no form
  /// @throws dev.referee.server.BodyTooLargeException for more than [#MAX_BYTES]
  static FormBody read(Exchange exchange) throws IOException {
    var type = exchange.header("Content-Type");
    if (type == null || !isForm(type)) {
      throw refused("is not of type " + TYPE);
    }
    return parse(exchange.body(MAX_BYTES));
  }

  private static boolean isForm(String type) {
    int semicolon = type.indexOf(';');
    var essence = semicolon < 0 ? type : type.substring(0, semicolon);
    return essence.strip().toLowerCase(Locale.ROOT).equals(TYPE);
  }

  static FormBody parse(byte[] body) throws RegistryException {
    var fields = new LinkedHashMap<String, List<String>>();
    for (var pair : new String(body, ISO_8859_1).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return new FormBody(fields);
  }

  /// All values of a field.
  List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  /// The value of a field that is there once (RFC 6749 section 3.2); null without one.
  ///
  /// @throws RegistryException with `REQUEST_INVALID` for several
  @Nullable String one(String name) throws RegistryException {
    var values = all(name);
    if (values.size() > 1) {
      throw refused("has several fields " + name);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /// The JDK decodes bytes, and puts something else where they are no text.
  private static String decode(String text) throws RegistryException {
    try {
      var bytes = URLDecoder.decode(text, ISO_8859_1).getBytes(ISO_8859_1);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw refused("is not percent-encoded UTF-8");
    }
  }

  private static RegistryException refused(String why) {
    return new RegistryException(ErrorCode.REQUEST_INVALID, "the body " + why);
  }

  /// Never printed with its values.
  @Override
  public String toString() {
    return "FormBody" + fields.keySet();
  }
}
