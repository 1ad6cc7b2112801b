package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.OnError;
import dev.referee.api.v1alpha1.ResourceId;
import java.util.List;

/// A policy that matched, and what became of its requirements.
///
/// @param policy which
/// @param action what it does when it is not fulfilled
/// @param onError what it does when it cannot be decided
/// @param requirements one result each; never empty
public record PolicyResult(
    ResourceId policy, Action action, OnError onError, List<RequirementResult> requirements) {
  public PolicyResult {
    requireNonNull(policy, "policy is null");
    requireNonNull(action, "action is null");
    requireNonNull(onError, "onError is null");
    requirements = List.copyOf(requirements);
    // All of nothing is true: a policy without results must not come to be.
    if (requirements.isEmpty()) {
      throw new IllegalArgumentException(policy + " has no results");
    }
  }

  /// Whether everything holds, or need not.
  public boolean isFulfilled() {
    return requirements.stream().allMatch(r -> r.outcome().isSatisfied());
  }

  /// Whether the only thing in the way is that something could not be found out.
  public boolean isUndecided() {
    return !isFulfilled()
        && requirements.stream().noneMatch(r -> r.outcome() instanceof Outcome.Unmet);
  }

  /// What this policy alone brings about.
  Effect effect() {
    if (isFulfilled()) {
      return Effect.ALLOW;
    }
    return switch (action) {
      case AUDIT -> Effect.ALLOW;
      case WARN -> Effect.WARN;
      case ENFORCE -> isUndecided() && onError == OnError.ALLOW ? Effect.WARN : Effect.DENY;
    };
  }

  /// From the mildest to the strictest.
  enum Effect {
    ALLOW,
    WARN,
    DENY
  }
}
