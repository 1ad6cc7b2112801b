package dev.referee.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The registered digest algorithms (OCI image-spec v1.1, descriptor.md#registered-algorithms).
public enum DigestAlgorithm {
  SHA256("sha256", "SHA-256", 64),
  SHA512("sha512", "SHA-512", 128);

  private final String prefix;
  private final String jcaName;
  private final int hexLength;

  DigestAlgorithm(String prefix, String jcaName, int hexLength) {
    this.prefix = prefix;
    this.jcaName = jcaName;
    this.hexLength = hexLength;
  }

  /// The part before the colon: `sha256`.
  public String prefix() {
    return prefix;
  }

  /// How many hexadecimal digits a digest of this algorithm has.
  public int hexLength() {
    return hexLength;
  }

  /// A fresh hasher; the JDK's own providers use the CPU's SHA instructions.
  public MessageDigest newHasher() {
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + jcaName, e);
    }
  }
}
