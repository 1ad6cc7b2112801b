package dev.referee.operator.audit;

import dev.referee.api.v1alpha1.PolicyStatus.WouldDeny;
import dev.referee.api.v1alpha1.ResourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What runs that a policy would not admit: a count of all of it and a few examples.
final class WouldDenySummary {
  /// The schema of a status allows no more.
  private static final int MAX_EXAMPLES = 10;

  private WouldDenySummary() {}

  /// A summary for each policy, also for those that would admit everything.
  ///
  /// @param denials of every workload that runs
  /// @param observedAt when that was so
  static Map<ResourceId, WouldDeny> of(
      Collection<ResourceId> policies, Collection<Denial> denials, Instant observedAt) {
    var byPolicy = new HashMap<String, List<Denial>>();
    denials.stream()
        .sorted(Denial.ORDER)
        .forEach(
            denial ->
                byPolicy.computeIfAbsent(denial.policy(), policy -> new ArrayList<>()).add(denial));
    var summaries = new HashMap<ResourceId, WouldDeny>();
    for (var policy : policies) {
      summaries.put(policy, of(byPolicy.getOrDefault(policy.toString(), List.of()), observedAt));
    }
    return summaries;
  }

  private static WouldDeny of(List<Denial> denials, Instant observedAt) {
    return new WouldDeny(
        count(denials.stream().map(denial -> denial.example().image())),
        count(denials.stream().map(denial -> denial.example().workload())),
        denials.stream().map(Denial::example).limit(MAX_EXAMPLES).toList(),
        observedAt.toString());
  }

  private static int count(Stream<String> names) {
    return Math.toIntExact(names.distinct().count());
  }

  /// Whether two summaries say the same, whenever they were made.
  static boolean same(WouldDeny one, WouldDeny other) {
    return one.images().equals(other.images())
        && one.workloads().equals(other.workloads())
        && one.examples().equals(other.examples());
  }
}
