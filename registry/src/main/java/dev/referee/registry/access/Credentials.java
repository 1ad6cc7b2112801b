package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client says to prove who it is (RFC 7617, RFC 6750).
sealed interface Credentials {
  /// What skopeo, podman and CRI-O send to whoever takes passwords when they have none.
  String NOBODY = ":";

  /// Nothing.
  record None() implements Credentials {}

  /// A user name and a password.
  record Basic(String user, String password) implements Credentials {
    /// Never printed with its password.
    @Override
    public String toString() {
      return "Basic[" + user.length() + " characters]";
    }
  }

  /// A token.
  record Bearer(String token) implements Credentials {
    /// Never printed with its token.
    @Override
    public String toString() {
      return "Bearer";
    }
  }

  /// Reads the values of `Authorization`.
  ///
  /// @return null for what cannot be read, and for several that could mean several callers
  static @Nullable Credentials parse(List<String> headers) {
    if (headers.isEmpty()) {
      return new None();
    }
    if (headers.size() > 1) {
      return null;
    }
    var header = headers.getFirst().strip();
    int space = header.indexOf(' ');
    if (space < 0) {
      return null;
    }
    var rest = header.substring(space + 1).strip();
    return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "basic" -> basic(rest);
      case "bearer" -> rest.isEmpty() ? null : new Bearer(rest);
      default -> null;
    };
  }

  private static @Nullable Credentials basic(String encoded) {
    try {
      var decoded =
          UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)))
              .toString();
      if (decoded.equals(NOBODY)) {
        return new None();
      }
      int colon = decoded.indexOf(':');
      return colon < 0
          ? null
          : new Basic(decoded.substring(0, colon), decoded.substring(colon + 1));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
