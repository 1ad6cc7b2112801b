package dev.referee.verify.policy;

import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedSigner;
import java.util.HashSet;
import java.util.List;

/// Who must have signed, with what they are known by at hand.
///
/// @param signers different signers, also among the members of groups; never empty
/// @param threshold how many of them, at least 1
public record SignedBy(List<TrustedSigner> signers, int threshold) {
  public SignedBy {
    signers = List.copyOf(signers);
    // No path may lead to "zero of nobody have signed".
    if (threshold < 1 || threshold > signers.size()) {
      throw new IllegalArgumentException(
          "threshold %d of %d signers".formatted(threshold, signers.size()));
    }
    var seen = new HashSet<Object>();
    signers.stream()
        .flatMap(TrustedSigner::leaves)
        .forEach(
            signer -> {
              if (!seen.add(mark(signer))) {
                throw new IllegalArgumentException(signer.name() + " is another signer as well");
              }
            });
  }

  /// What no two signers have in common.
  private static Object mark(TrustedSigner signer) {
    return signer.credential() instanceof Credential.Key key
        ? key.key().fingerprint()
        : signer.credential();
  }

  /// Those who sign: the signers, or the members of those that are groups.
  public List<TrustedSigner> leaves() {
    return signers.stream().flatMap(TrustedSigner::leaves).toList();
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
