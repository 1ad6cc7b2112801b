package dev.referee.operator.registry.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A short name for content that changes when the content does.
public final class ContentHash {
  private static final int BYTES = 8;

  private ContentHash() {}

  /// Sixteen hexadecimal digits of SHA-256.
  public static String of(String content) {
    return of(content.getBytes(UTF_8));
  }

  /// Sixteen hexadecimal digits of SHA-256.
  public static String of(byte[] content) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
