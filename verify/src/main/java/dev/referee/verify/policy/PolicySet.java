package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Unmatched;
import java.util.List;

/// Everything that policies say at one moment. A decision looks at one set from beginning to end.
///
/// @param policies every policy, also those that make no sense: they deny
/// @param unmatched what happens to an image that no policy matches
/// @param problems what makes no sense, for those who wrote it
public record PolicySet(List<Policy> policies, Unmatched unmatched, List<Problem> problems) {
  /// No policy at all: an installation without policies changes nothing.
  public static final PolicySet EMPTY = new PolicySet(List.of(), Unmatched.ALLOW, List.of());

  public PolicySet {
    requireNonNull(unmatched, "unmatched is null");
    policies = List.copyOf(policies);
    problems = List.copyOf(problems);
  }

  public List<Policy> matching(ImageRequest request) {
    return policies.stream().filter(policy -> policy.matches(request)).toList();
  }
}
