package dev.referee.verify.proof;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.TrustedSigner;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether enough signers have signed, each by somebody of its own: who counts for one signer
/// counts for no other, however many patterns they match and in however many groups they are.
final class Quorum {
  /// A policy has a few dozen signers; a search that takes longer than this has not found enough.
  private static final int MAX_STEPS = 100_000;

  private final Map<TrustedSigner, Set<Holder>> signed;
  private int steps;

  private Quorum(Map<TrustedSigner, Set<Holder>> signed) {
    this.signed = signed;
  }

  /// @param signers of whom some have to have signed
  /// @param threshold how many
  /// @param signed who has signed for each of them and of their members
  static boolean isReached(
      List<TrustedSigner> signers, int threshold, Map<TrustedSigner, Set<Holder>> signed) {
    return new Quorum(signed).isReached(new Goal(signers, threshold, null), new HashSet<>());
  }

  /// So many of these, and then what comes next.
  private record Goal(List<TrustedSigner> from, int needed, @Nullable Goal next) {}

  private boolean isReached(@Nullable Goal goal, Set<String> taken) {
    if (goal == null) {
      return true;
    }
    if (goal.needed() == 0) {
      return isReached(goal.next(), taken);
    }
    if (goal.from().size() < goal.needed() || ++steps > MAX_STEPS) {
      return false;
    }
    var first = goal.from().getFirst();
    var others = goal.from().subList(1, goal.from().size());
    return counts(first, new Goal(others, goal.needed() - 1, goal.next()), taken)
        || isReached(new Goal(others, goal.needed(), goal.next()), taken);
  }

  /// Whether the rest is reached with this one among those who have signed.
  private boolean counts(TrustedSigner signer, Goal rest, Set<String> taken) {
    return switch (signer.credential()) {
      case Credential.Group group ->
          isReached(new Goal(group.members(), group.threshold(), rest), taken);
      case Credential.Single _ -> {
        for (var holder : requireNonNull(signed.getOrDefault(signer, Set.of()))) {
          if (Collections.disjoint(holder.marks(), taken)) {
            taken.addAll(holder.marks());
            boolean reached = isReached(rest, taken);
            taken.removeAll(holder.marks());
            if (reached) {
              yield true;
            }
          }
        }
        yield false;
      }
    };
  }
}
