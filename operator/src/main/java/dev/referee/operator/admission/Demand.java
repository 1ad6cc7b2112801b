package dev.referee.operator.admission;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.verify.policy.Policy;
import dev.referee.verify.policy.PolicySet;
import java.time.Duration;
import java.util.Comparator;

/// What the policies in force ask of the API server.
///
/// @param images whether images matter to anybody; an installation without policies changes nothing
/// @param pins whether pods are to name digests
/// @param budget the longest time that a policy gives a decision
/// @param configuration what belongs to no single policy
public record Demand(
    boolean images, boolean pins, Duration budget, RefereeConfigurationSpec configuration) {
  public Demand {
    requireNonNull(budget, "budget is null");
    requireNonNull(configuration, "configuration is null");
  }

  public static Demand of(PolicySet policies) {
    return new Demand(
        !policies.policies().isEmpty() || policies.unmatched() != Unmatched.ALLOW,
        policies.policies().stream().anyMatch(Policy::pinDigests),
        policies.policies().stream()
            .map(Policy::timeout)
            .max(Comparator.naturalOrder())
            .orElse(ReferrerPolicySpec.DEFAULT_TIMEOUT),
        policies.configuration());
  }
}
