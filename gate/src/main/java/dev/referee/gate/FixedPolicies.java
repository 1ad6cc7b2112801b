package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Resource;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.ReferencedValues;
import java.util.Collection;

/// Policies that do not change.
public final class FixedPolicies implements PolicySource {
  private final PolicySet policies;

  public FixedPolicies(PolicySet policies) {
    this.policies = requireNonNull(policies, "policies is null");
  }

  public static FixedPolicies of(Collection<Resource> resources) {
    return new FixedPolicies(PolicyCompiler.compile(resources, ReferencedValues.NONE));
  }

  @Override
  public PolicySet current() {
    return policies;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
