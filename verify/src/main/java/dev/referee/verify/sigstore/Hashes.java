package dev.referee.verify.sigstore;

import dev.referee.api.v1alpha1.HashAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashing by the JDK, which uses the CPU's instructions for it.
final class Hashes {
  private Hashes() {}

  static byte[] of(HashAlgorithm algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(name(algorithm)).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }

  private static String name(HashAlgorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> "SHA-256";
      case SHA384 -> "SHA-384";
      case SHA512 -> "SHA-512";
    };
  }
}
