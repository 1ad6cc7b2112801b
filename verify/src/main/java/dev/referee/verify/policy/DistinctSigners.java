package dev.referee.verify.policy;

import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedSigner;
import java.util.ArrayList;
import java.util.Collection;

/// Whether signers are different ones: one under two names, or in two groups, would count twice
/// towards a threshold.
final class DistinctSigners {
  /// As many as anybody oversees, members of groups among them.
  private static final int MAX_SIGNERS = 64;

  private DistinctSigners() {}

  /// @throws UnresolvedException for the first two that are one
  static void check(Collection<TrustedSigner> signers) throws UnresolvedException {
    var seen = new ArrayList<TrustedSigner>();
    for (var signer : signers.stream().flatMap(TrustedSigner::leaves).toList()) {
      for (var other : seen) {
        check(other, signer);
      }
      seen.add(signer);
    }
    if (seen.size() > MAX_SIGNERS) {
      throw new UnresolvedException(
          Problem.TOO_MANY_SIGNERS,
          "there are %d signers, members of groups among them, at most %d are looked for"
              .formatted(seen.size(), MAX_SIGNERS));
    }
  }

  private static void check(TrustedSigner one, TrustedSigner other) throws UnresolvedException {
    if (one.id().equals(other.id())) {
      throw new UnresolvedException(
          Problem.DUPLICATE_SIGNER, "signer %s counts twice".formatted(one.name()));
    }
    if (one.credential() instanceof Credential.Key key
        && other.credential() instanceof Credential.Key another) {
      if (key.key().fingerprint().equals(another.key().fingerprint())) {
        throw new UnresolvedException(
            Problem.DUPLICATE_KEY,
            "signers %s and %s are one key".formatted(one.name(), other.name()));
      }
    } else if (one.credential().equals(other.credential())) {
      throw new UnresolvedException(
          Problem.DUPLICATE_SIGNER,
          "signers %s and %s are one signer".formatted(one.name(), other.name()));
    }
  }
}
