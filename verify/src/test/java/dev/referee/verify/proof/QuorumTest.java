package dev.referee.verify.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.testing.SigningKey;
import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.Validity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Enough signers have signed when each of enough has somebody of its own.
class QuorumTest {
  private static final TrustedKey KEY = key();

  private final TrustedSigner a = leaf("a");
  private final TrustedSigner b = leaf("b");
  private final TrustedSigner c = leaf("c");

  @Test
  void oneHolderCountsForOneSigner() {
    var alice = holder("alice");
    Map<TrustedSigner, Set<Holder>> signed = Map.of(a, Set.of(alice), b, Set.of(alice));

    assertThat(Quorum.isReached(List.of(a, b), 1, signed)).isTrue();
    assertThat(Quorum.isReached(List.of(a, b), 2, signed)).isFalse();
  }

  /// A greedy count would give bob to the first signer and leave the second with nobody.
  @Test
  void whoCountsForWhomIsChosenSoThatItSuffices() {
    Map<TrustedSigner, Set<Holder>> signed =
        Map.of(
            a, Set.of(holder("alice"), holder("bob"), holder("carol")),
            b, Set.of(holder("bob")),
            c, Set.of(holder("alice"), holder("bob")));

    assertThat(Quorum.isReached(List.of(a, b, c), 3, signed)).isTrue();
  }

  @Test
  void holdersWithACommonMarkAreOne() {
    var asKey = new Holder(Set.of("key 1"));
    var asCertificate = new Holder(Set.of("key 1", "name alice"));
    Map<TrustedSigner, Set<Holder>> signed = Map.of(a, Set.of(asKey), b, Set.of(asCertificate));

    assertThat(Quorum.isReached(List.of(a, b), 2, signed)).isFalse();
  }

  @Test
  void aGroupNeedsItsOwnThreshold() {
    var pair = group("pair", 2, a, b);
    Map<TrustedSigner, Set<Holder>> one = Map.of(a, Set.of(holder("alice")));
    Map<TrustedSigner, Set<Holder>> two =
        Map.of(a, Set.of(holder("alice")), b, Set.of(holder("bob")));

    assertThat(Quorum.isReached(List.of(pair, c), 1, one)).isFalse();
    assertThat(Quorum.isReached(List.of(pair, c), 1, two)).isTrue();
    assertThat(Quorum.isReached(List.of(pair, c), 2, two)).isFalse();
    assertThat(Quorum.isReached(List.of(group("outer", 1, pair)), 1, two)).isTrue();
  }

  @Test
  void whoCountsInAGroupDoesNotCountBesideIt() {
    var either = group("either", 1, a, b);
    var alice = holder("alice");
    Map<TrustedSigner, Set<Holder>> signed = Map.of(a, Set.of(alice), c, Set.of(alice));

    assertThat(Quorum.isReached(List.of(either, c), 2, signed)).isFalse();
  }

  /// Nobody who can sign a lot makes a search that does not end.
  @Test
  void aSearchThatTakesTooLongHasNotFoundEnough() {
    var signers = new ArrayList<TrustedSigner>();
    var signed = new HashMap<TrustedSigner, Set<Holder>>();
    for (int i = 0; i < 40; i++) {
      var signer = leaf("s" + i);
      signers.add(signer);
      var holders = new HashSet<Holder>();
      for (int j = 0; j < 39; j++) {
        holders.add(holder("h" + j));
      }
      signed.put(signer, holders);
    }

    assertThat(Quorum.isReached(signers, 40, signed)).isFalse();
    assertThat(Quorum.isReached(signers, 39, signed)).isTrue();
  }

  /// Against counting every assignment there is.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithTryingEverything(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var signers = List.of(leaf("s0"), leaf("s1"), leaf("s2"), leaf("s3"));
      var signed = new HashMap<TrustedSigner, Set<Holder>>();
      for (var signer : signers) {
        var holders = new HashSet<Holder>();
        for (int h = 0; h < 4; h++) {
          if (random.nextInt(3) == 0) {
            holders.add(holder("h" + h));
          }
        }
        signed.put(signer, holders);
      }
      for (int threshold = 1; threshold <= 4; threshold++) {
        assertThat(Quorum.isReached(signers, threshold, signed))
            .as("seed %d round %d: %s", seed, round, signed)
            .isEqualTo(best(signers, signed, new HashSet<>()) >= threshold);
      }
    }
  }

  private static int best(
      List<TrustedSigner> signers, Map<TrustedSigner, Set<Holder>> signed, Set<Holder> taken) {
    if (signers.isEmpty()) {
      return 0;
    }
    var rest = signers.subList(1, signers.size());
    int best = best(rest, signed, taken);
    for (var holder : signed.getOrDefault(signers.getFirst(), Set.of())) {
      if (taken.add(holder)) {
        best = Math.max(best, 1 + best(rest, signed, taken));
        taken.remove(holder);
      }
    }
    return best;
  }

  private static Holder holder(String name) {
    return new Holder(Set.of("name " + name));
  }

  private static TrustedSigner leaf(String name) {
    return TrustedSigner.of(ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, name), KEY);
  }

  private static TrustedSigner group(String name, int threshold, TrustedSigner... members) {
    return new TrustedSigner(
        ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, name),
        new Credential.Group(List.of(members), threshold),
        Validity.ALWAYS);
  }

  private static TrustedKey key() {
    try {
      return TrustedKey.parse(SigningKey.p256().publicKeyPem(), null);
    } catch (UnusableKeyException e) {
      throw new AssertionError(e);
    }
  }
}
