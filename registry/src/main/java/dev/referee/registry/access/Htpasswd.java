package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Users and their bcrypt hashes, as `htpasswd -B` writes them: `name:$2y$10$...`.
final class Htpasswd {
  /// Some ten thousand users.
  static final int MAX_BYTES = 1 << 20;

  /// What bcrypt reads of a password. More is refused, so that two passwords are never the same.
  static final int MAX_PASSWORD_BYTES = 72;

  /// Costs double with each step: 4 is the least there is, 14 already takes a second.
  private static final Pattern HASH =
      Pattern.compile("\\$2[aby]\\$(?:0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

  /// What `htpasswd` is told to take most often.
  private static final int USUAL_COST = 10;

  /// The hash of a password that nobody has: guessing names takes as long as guessing passwords.
  private static final String NOBODY = nobody();

  private final Map<String, String> hashes;

  private Htpasswd(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
  }

  static Htpasswd empty() {
    return new Htpasswd(Map.of());
  }

  /// @throws AccessFileException with the number of the line that cannot be used
  static Htpasswd parse(byte[] content) throws AccessFileException {
    var hashes = new HashMap<String, String>();
    var lines = new String(content, UTF_8).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw refused(i, "is not a name, a colon and a hash");
      }
      var hash = line.substring(colon + 1);
      if (!HASH.matcher(hash).matches()) {
        throw refused(i, "has no bcrypt hash with a cost of 4 to 14; write it by htpasswd -B");
      }
      if (hashes.put(line.substring(0, colon), hash) != null) {
        throw refused(i, "names a user for the second time");
      }
    }
    return new Htpasswd(hashes);
  }

  /// Whether the user has this password. Takes as long for a user that does not exist.
  boolean isRight(String user, String password) {
    if (password.getBytes(UTF_8).length > MAX_PASSWORD_BYTES || password.indexOf('\0') >= 0) {
      return false;
    }
    var hash = hashes.get(user);
    boolean right =
        OpenBSDBCrypt.checkPassword(hash == null ? NOBODY : hash, password.toCharArray());
    return right && hash != null;
  }

  private static String nobody() {
    var random = new SecureRandom();
    var salt = new byte[16];
    var password = new byte[32];
    random.nextBytes(salt);
    random.nextBytes(password);
    return OpenBSDBCrypt.generate(
        "2y", HexFormat.of().formatHex(password).toCharArray(), salt, USUAL_COST);
  }

  private static AccessFileException refused(int index, String why) {
    return new AccessFileException("line %d %s".formatted(index + 1, why), null);
  }
}
