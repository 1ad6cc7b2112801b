package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The secrets of a file of keys: the first signs, all verify.
///
/// @param keys at least one, each its own
record TokenKeys(List<TokenKey> keys) {
  static final int MAX_BYTES = 64 << 10;

  /// A new one, the one in use and those whose last tokens are about to end.
  private static final int MAX_KEYS = 16;

  TokenKeys {
    keys = List.copyOf(keys);
  }

  /// Reads secrets, one a line, in base64. What they are is in no message.
  ///
  /// @throws AccessFileException with the number of the line that cannot be used
  static TokenKeys parse(byte[] content) throws AccessFileException {
    var keys = new ArrayList<TokenKey>();
    var ids = new ArrayList<String>();
    var lines = new String(content, UTF_8).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var key = key(i, line);
      if (ids.contains(key.id())) {
        throw refused(i, "has a secret for the second time");
      }
      ids.add(key.id());
      keys.add(key);
      if (keys.size() > MAX_KEYS) {
        throw refused(i, "is one secret too many: %d are allowed".formatted(MAX_KEYS));
      }
    }
    if (keys.isEmpty()) {
      throw new AccessFileException("it has no secret: openssl rand -base64 48", null);
    }
    return new TokenKeys(keys);
  }

  private static TokenKey key(int index, String line) throws AccessFileException {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      throw refused(index, "is not base64");
    }
    try {
      return TokenKey.of(secret);
    } catch (IllegalArgumentException e) {
      throw refused(index, String.valueOf(e.getMessage()));
    }
  }

  /// The one that signs.
  TokenKey signing() {
    return keys.getFirst();
  }

  /// The one that a token says it is of; null where it is none of these.
  @Nullable TokenKey of(String token) {
    for (var key : keys) {
      if (key.isOf(token)) {
        return key;
      }
    }
    return null;
  }

  private static AccessFileException refused(int index, String why) {
    return new AccessFileException("line %d %s".formatted(index + 1, why), null);
  }
}
