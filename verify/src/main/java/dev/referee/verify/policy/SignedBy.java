package dev.referee.verify.policy;

import dev.referee.verify.trust.TrustedSigner;
import java.util.HashSet;
import java.util.List;

/// Who must have signed, with their keys at hand.
///
/// @param signers different signers with different keys; never empty
/// @param threshold how many of them, at least 1
public record SignedBy(List<TrustedSigner> signers, int threshold) {
  public SignedBy {
    signers = List.copyOf(signers);
    // No path may lead to "zero of nobody have signed".
    if (threshold < 1 || threshold > signers.size()) {
      throw new IllegalArgumentException(
          "threshold %d of %d signers".formatted(threshold, signers.size()));
    }
    var fingerprints = new HashSet<>();
    for (var signer : signers) {
      if (!fingerprints.add(signer.key().fingerprint())) {
        throw new IllegalArgumentException(signer.name() + " has the key of another signer");
      }
    }
  }

  /// `ci-key`, `ci-key or release-key`, `2 of ci-key, release-key and board-key`.
  public String describe() {
    var names = signers.stream().map(TrustedSigner::name).toList();
    if (names.size() == 1) {
      return names.getFirst();
    }
    var head = String.join(", ", names.subList(0, names.size() - 1));
    if (threshold == 1) {
      return head + " or " + names.getLast();
    }
    var all = head + " and " + names.getLast();
    return threshold == names.size() ? all : "%d of %s".formatted(threshold, all);
  }
}
