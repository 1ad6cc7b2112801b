package dev.referee.verify.sigstore;

import dev.referee.oci.DigestAlgorithm;
import java.util.List;
import java.util.Optional;

/// Merkle trees as logs build them: SHA-256, leaves and inner nodes hashed apart (RFC 6962 section
/// 2.1).
final class MerkleTree {
  private static final int HASH_BYTES = 32;

  private MerkleTree() {}

  static byte[] leaf(byte[] entry) {
    var hasher = DigestAlgorithm.SHA256.newHasher();
    hasher.update((byte) 0);
    return hasher.digest(entry);
  }

  /// The root that a way of hashes leads to from a leaf (RFC 9162 section 2.1.3.2); empty where it
  /// is too short or too long for that leaf of a tree of that size, or has something else than
  /// hashes.
  static Optional<byte[]> root(byte[] leaf, long index, long size, List<byte[]> way) {
    if (index < 0 || index >= size || way.stream().anyMatch(h -> h.length != HASH_BYTES)) {
      return Optional.empty();
    }
    long fn = index;
    long sn = size - 1;
    var root = leaf;
    for (var hash : way) {
      if (sn == 0) {
        return Optional.empty();
      }
      if ((fn & 1) == 1 || fn == sn) {
        root = node(hash, root);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        root = node(root, hash);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 ? Optional.of(root) : Optional.empty();
  }

  private static byte[] node(byte[] left, byte[] right) {
    var hasher = DigestAlgorithm.SHA256.newHasher();
    hasher.update((byte) 1);
    hasher.update(left);
    return hasher.digest(right);
  }
}
