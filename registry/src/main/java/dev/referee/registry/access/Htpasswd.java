package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/// Users and their bcrypt hashes, as `htpasswd -B` writes them: `name:$2y$10$...`.
final class Htpasswd {
  /// Some ten thousand users.
  static final int MAX_BYTES = 1 << 20;

  /// What bcrypt reads of a password. More is refused, so that two passwords are never the same.
  static final int MAX_PASSWORD_BYTES = 72;

  /// Costs double with each step: 4 is the least there is, 14 already takes a second.
  private static final int USUAL_COST = 10;

  private static final Pattern HASH =
      Pattern.compile("\\$2[aby]\\$(?:0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

  private static final int SALT_AND_HASH_CHARS = 53;
  private static final String SALT_CHARS =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final int MARK_BYTES = 16;

  private final Map<String, String> hashes;
  private final Map<String, String> marks;
  // What the most expensive hash costs: every check costs as much.
  private final int maxCost;

  private Htpasswd(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
    this.marks =
        hashes.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Htpasswd::mark));
    this.maxCost = hashes.values().stream().mapToInt(Htpasswd::cost).max().orElse(USUAL_COST);
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

  /// What tells a user's password of today from the one of yesterday, and nothing of either: a hash
  /// of the hash, whose salt nobody can guess. Null for a user that is none.
  @Nullable String mark(String user) {
    return marks.get(user);
  }

  private static String mark(Map.Entry<String, String> user) {
    try {
      var line = user.getKey() + ":" + user.getValue();
      var hash = MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, MARK_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has SHA-256", e);
    }
  }

  /// Whether the user has this password. Takes as long for every user, one that is not included.
  boolean isRight(String user, String password) {
    if (password.getBytes(UTF_8).length > MAX_PASSWORD_BYTES || password.indexOf('\0') >= 0) {
      return false;
    }
    var hash = hashes.get(user);
    boolean right = false;
    for (var one : checks(user)) {
      right |= OpenBSDBCrypt.checkPassword(one, password.toCharArray()) && one.equals(hash);
    }
    return right;
  }

  /// The hashes that a password of a user is checked against: the user's, and others that nobody
  /// has, so that the time it takes says neither whether there is such a user nor which hash it
  /// has. A cost is twice the one below: 2^8 + 2^8 + 2^9 = 2^10.
  List<String> checks(String user) {
    var hash = hashes.get(user);
    if (hash == null) {
      return List.of(nobodys(maxCost));
    }
    var checks = new ArrayList<>(List.of(hash));
    for (int cost = cost(hash); cost < maxCost; cost++) {
      checks.add(nobodys(cost));
    }
    return checks;
  }

  static int cost(String hash) {
    return Integer.parseInt(hash.substring(4, 6));
  }

  /// A hash of no password that anybody knows.
  private static String nobodys(int cost) {
    var random = ThreadLocalRandom.current();
    var hash = new StringBuilder("$2y$%02d$".formatted(cost));
    for (int i = 0; i < SALT_AND_HASH_CHARS; i++) {
      hash.append(SALT_CHARS.charAt(random.nextInt(SALT_CHARS.length())));
    }
    return hash.toString();
  }

  private static AccessFileException refused(int index, String why) {
    return new AccessFileException("line %d %s".formatted(index + 1, why), null);
  }
}
