package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Grant;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that policies say at one moment. A decision looks at one set from beginning to end.
///
/// @param policies every policy, also those that make no sense: they deny
/// @param exceptions what need not hold; those that make no sense are left out
/// @param configuration what belongs to no single policy
/// @param problems what makes no sense, for those who wrote it
public record PolicySet(
    List<Policy> policies,
    List<PolicyException> exceptions,
    RefereeConfigurationSpec configuration,
    List<Problem> problems) {
  /// No policy at all: an installation without policies changes nothing.
  public static final PolicySet EMPTY =
      new PolicySet(List.of(), List.of(), RefereeConfigurationSpec.DEFAULT, List.of());

  public PolicySet {
    requireNonNull(configuration, "configuration is null");
    policies = List.copyOf(policies);
    exceptions = List.copyOf(exceptions);
    problems = List.copyOf(problems);
  }

  public List<Policy> matching(ImageRequest request) {
    return policies.stream().filter(policy -> policy.matches(request)).toList();
  }

  /// What happens to an image that no policy matches.
  public Unmatched unmatched() {
    return configuration.unmatched();
  }

  /// By whose word a requirement need not hold for an image now; empty where nobody said so. Of
  /// several, the one that lasts longest.
  public Optional<Grant> waiver(
      ResourceId policy,
      String requirement,
      ImageRequest request,
      @Nullable Digest digest,
      Instant now) {
    return exceptions.stream()
        .filter(exception -> exception.waives(policy, requirement, request, digest, now))
        .map(PolicyException::grant)
        .max(Comparator.comparing(Grant::expiresAt));
  }
}
