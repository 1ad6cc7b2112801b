package dev.referee.testing.sigstore;

import dev.referee.oci.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/// Numbers that are the same for the same seed: SHA-256 of the seed and a counter. Keys made of
/// them are known to everybody.
final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private long counter;

  SeededRandom(long seed) {
    this.seed = seed;
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    for (int at = 0; at < bytes.length; ) {
      var input = ByteBuffer.allocate(16).putLong(seed).putLong(counter++).array();
      var block = DigestAlgorithm.SHA256.newHasher().digest(input);
      int length = Math.min(block.length, bytes.length - at);
      System.arraycopy(block, 0, bytes, at, length);
      at += length;
    }
  }
}
