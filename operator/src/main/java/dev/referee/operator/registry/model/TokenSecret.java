package dev.referee.operator.registry.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The Secret with what signs the tokens of a registry: one secret a line, of which the first signs
/// and all verify. It is made once; from then on it is its user's, who puts a new first line into
/// it.
public final class TokenSecret {
  /// Of the Secret, and the name of the file in a pod.
  public static final String KEY = "keys";

  /// As long as what HMAC with SHA-256 makes of it (RFC 7518 section 3.2).
  private static final int LEAST_BYTES = 32;

  /// No registry takes more.
  private static final int MOST_SECRETS = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  private TokenSecret() {}

  /// A new one, with one secret like no other.
  public static Secret make(RegistryNames names) {
    var secret = new byte[LEAST_BYTES];
    RANDOM.nextBytes(secret);
    var line = Base64.getEncoder().encodeToString(secret) + "\n";
    return new SecretBuilder()
        .withMetadata(names.meta(names.tokens()))
        .withType("Opaque")
        .withData(Map.of(KEY, Base64.getEncoder().encodeToString(line.getBytes(US_ASCII))))
        .build();
  }

  /// Whether a registry would start with it: each secret stands there once.
  public static boolean isUsable(byte[] content) {
    var lines =
        new String(content, US_ASCII)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    var secrets = new HashSet<ByteBuffer>();
    return !lines.isEmpty()
        && lines.size() <= MOST_SECRETS
        && lines.stream().allMatch(line -> isSecret(line, secrets));
  }

  private static boolean isSecret(String line, Set<ByteBuffer> before) {
    try {
      var secret = Base64.getDecoder().decode(line);
      return secret.length >= LEAST_BYTES && before.add(ByteBuffer.wrap(secret));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
