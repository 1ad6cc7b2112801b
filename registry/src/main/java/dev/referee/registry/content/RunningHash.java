package dev.referee.registry.content;

import dev.referee.oci.DigestAlgorithm;
import java.security.MessageDigest;

/// The hash of an upload so far, kept between two requests so that nothing is read twice. Losing
/// one costs time only.
///
/// @param algorithm what it hashes by
/// @param offset how many bytes went into it
/// @param hasher never updated here: whoever continues it takes a copy
record RunningHash(DigestAlgorithm algorithm, long offset, MessageDigest hasher) {
  static RunningHash begin(DigestAlgorithm algorithm) {
    return new RunningHash(algorithm, 0, algorithm.newHasher());
  }

  /// A hasher to go on with.
  MessageDigest copy() {
    try {
      return (MessageDigest) hasher.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + algorithm + " can be copied", e);
    }
  }
}
