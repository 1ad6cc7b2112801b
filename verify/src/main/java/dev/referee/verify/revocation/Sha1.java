package dev.referee.verify.revocation;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash by which responders name their keys (RFC 6960 section 4.2.1). It selects a key and
/// proves nothing.
final class Sha1 {
  private Sha1() {}

  static byte[] of(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
