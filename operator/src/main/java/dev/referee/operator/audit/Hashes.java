package dev.referee.operator.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Hashes by which one state is told from another, also across restarts.
final class Hashes {
  private Hashes() {}

  /// The hash of texts in their order, each with its length before it, so that none can pass for
  /// two.
  static String of(Stream<String> texts) {
    var hasher = sha256();
    texts.forEach(
        text -> {
          var bytes = text.getBytes(UTF_8);
          hasher.update((bytes.length + ":").getBytes(UTF_8));
          hasher.update(bytes);
        });
    // 128 bits tell states apart, and annotations are read by people.
    return HexFormat.of().formatHex(hasher.digest(), 0, 16);
  }

  static String of(String... texts) {
    return of(Stream.of(texts));
  }

  /// A map whose text does not depend on its history.
  static String sorted(Map<String, String> map) {
    return new TreeMap<>(map).toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
