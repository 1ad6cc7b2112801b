package dev.referee.testing.sigstore;

import dev.referee.oci.DigestAlgorithm;
import java.util.ArrayList;
import java.util.List;

/// A Merkle tree that entries are appended to (RFC 6962 section 2.1), written apart from the one
/// that verifies.
final class LogTree {
  /// Of each level the hashes of complete subtrees.
  private final List<List<byte[]>> levels = new ArrayList<>();

  LogTree() {
    levels.add(new ArrayList<>());
  }

  int size() {
    return levels.getFirst().size();
  }

  /// Appends an entry.
  ///
  /// @return its index
  int append(byte[] entry) {
    var hasher = DigestAlgorithm.SHA256.newHasher();
    hasher.update((byte) 0);
    levels.getFirst().add(hasher.digest(entry));
    for (int level = 0; levels.get(level).size() % 2 == 0; level++) {
      if (levels.size() == level + 1) {
        levels.add(new ArrayList<>());
      }
      var below = levels.get(level);
      levels.get(level + 1).add(node(below.get(below.size() - 2), below.getLast()));
    }
    return size() - 1;
  }

  byte[] root() {
    return root(0, size());
  }

  /// The way from an entry to the root, lowest first.
  List<byte[]> way(int index) {
    return way(index, 0, size());
  }

  private List<byte[]> way(int index, int from, int to) {
    if (to - from == 1) {
      return new ArrayList<>();
    }
    int split = from + Integer.highestOneBit(to - from - 1);
    var way = index < split ? way(index, from, split) : way(index, split, to);
    way.add(index < split ? root(split, to) : root(from, split));
    return way;
  }

  private byte[] root(int from, int to) {
    int length = to - from;
    if (Integer.bitCount(length) == 1) {
      int level = Integer.numberOfTrailingZeros(length);
      return levels.get(level).get(from >> level);
    }
    int split = from + Integer.highestOneBit(length - 1);
    return node(root(from, split), root(split, to));
  }

  private static byte[] node(byte[] left, byte[] right) {
    var hasher = DigestAlgorithm.SHA256.newHasher();
    hasher.update((byte) 1);
    hasher.update(left);
    return hasher.digest(right);
  }
}
