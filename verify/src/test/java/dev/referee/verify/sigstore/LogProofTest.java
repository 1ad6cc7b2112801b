package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.DigestAlgorithm;
import dev.referee.verify.signature.UnprovenException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trees and checkpoints of logs, against a tree that is built here the slow way.
class LogProofTest {
  private static final String ROOT = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String SIGNATURE = "\u2014 log.example AAAAAAAA\n";

  /// N59: for every entry of every small tree its own way leads to the root, and no other does.
  @Test
  void n59AcceptsExactlyTheRightWay() {
    for (int size = 1; size <= 17; size++) {
      var leaves = leaves(size);
      for (int index = 0; index < size; index++) {
        var way = way(leaves, index);
        var root = root(leaves);

        assertThat(MerkleTree.root(leaves.get(index), index, size, way)).hasValue(root);
        assertThat(MerkleTree.root(leaves.get(index), size, size, way)).isEmpty();
        var longer = new ArrayList<>(way);
        longer.add(new byte[32]);
        assertThat(MerkleTree.root(leaves.get(index), index, size, longer)).isEmpty();
        if (!way.isEmpty()) {
          assertThat(
                  MerkleTree.root(leaves.get(index), index, size, way.subList(1, way.size()))
                      .filter(other -> Arrays.equals(other, root)))
              .isEmpty();
          var short31 = new ArrayList<>(way);
          short31.set(0, new byte[31]);
          assertThat(MerkleTree.root(leaves.get(index), index, size, short31)).isEmpty();
        }
        for (int other = 0; other < size; other++) {
          if (other != index) {
            assertThat(
                    MerkleTree.root(leaves.get(index), other, size, way)
                        .filter(found -> Arrays.equals(found, root)))
                .as("entry %d at %d of %d", index, other, size)
                .isEmpty();
          }
        }
      }
    }
  }

  /// N58: what is not a checkpoint.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "log\n2\n",
        "log\n2\nROOT\n",
        "log\n2\nROOT\n\n",
        "log\n02\nROOT\n\nSIG",
        "log\n-2\nROOT\n\nSIG",
        "log\n9999999999999999999\nROOT\n\nSIG",
        "log\n2\nAAAA\n\nSIG",
        "\n2\nROOT\n\nSIG",
        "log\n2\nROOT\n\nSIG\nSIG",
        "log\n2\nROOT\n\n- log.example AAAAAAAA\n",
        "log\n2\nROOT\n\n\u2014 log.example AAAA\n"
      })
  void n58RefusesWhatIsNoCheckpoint(String note) {
    assertThatThrownBy(() -> Checkpoint.parse(note.replace("ROOT", ROOT).replace("SIG", SIGNATURE)))
        .isInstanceOfSatisfying(
            UnprovenException.class, e -> assertThat(e.reason()).isEqualTo(CHECKPOINT_INVALID));
  }

  @Test
  void readsExtensionsAndWitnesses() throws UnprovenException {
    var checkpoint =
        Checkpoint.parse("log\n2\n" + ROOT + "\nTimestamp: 1\n\n" + SIGNATURE + SIGNATURE);

    assertThat(checkpoint.size()).isEqualTo(2);
    assertThat(checkpoint.signatures()).hasSize(2);
    assertThat(checkpoint.signed()).endsWith("Timestamp: 1\n");
  }

  private static List<byte[]> leaves(int size) {
    var leaves = new ArrayList<byte[]>();
    for (int i = 0; i < size; i++) {
      leaves.add(MerkleTree.leaf(new byte[] {(byte) i}));
    }
    return leaves;
  }

  /// RFC 6962 section 2.1, word for word.
  private static byte[] root(List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    var hasher = DigestAlgorithm.SHA256.newHasher();
    hasher.update((byte) 1);
    hasher.update(root(leaves.subList(0, split)));
    return hasher.digest(root(leaves.subList(split, leaves.size())));
  }

  /// RFC 6962 section 2.1.1.
  private static List<byte[]> way(List<byte[]> leaves, int index) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    var left = leaves.subList(0, split);
    var right = leaves.subList(split, leaves.size());
    var way = new ArrayList<>(index < split ? way(left, index) : way(right, index - split));
    way.add(index < split ? root(right) : root(left));
    return way;
  }
}
