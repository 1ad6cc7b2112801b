package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.PolicyStatus.WouldDeny;
import dev.referee.api.v1alpha1.ResourceId;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the policies what they would not admit, when that changes.
final class WouldDenyBoard {
  private static final Logger LOG = LoggerFactory.getLogger(WouldDenyBoard.class);

  /// How often to tell what is found while workloads still wait: numbers that grow are better than
  /// none, and each of them is a write.
  private static final Duration WHILE_BUSY = Duration.ofMinutes(1);

  private final AuditStatus status;
  private final AuditMeters meters;
  private final Map<ResourceId, Told> told = new HashMap<>();
  private Instant publishedAt = Instant.MIN;

  private record Told(WouldDeny summary, Instant at) {}

  WouldDenyBoard(AuditStatus status, AuditMeters meters) {
    this.status = requireNonNull(status, "status is null");
    this.meters = requireNonNull(meters, "meters is null");
  }

  /// Tells the policies that have to hear something.
  ///
  /// @param denials of every workload that runs
  /// @param interval after which a summary is told again although nothing in it changed
  /// @param busy whether workloads wait to be verified
  void publish(
      Collection<ResourceId> policies,
      Collection<Denial> denials,
      Instant now,
      Duration interval,
      boolean busy) {
    told.keySet().retainAll(policies);
    if (busy && !publishedAt.equals(Instant.MIN) && now.isBefore(publishedAt.plus(WHILE_BUSY))) {
      return;
    }
    publishedAt = now;
    WouldDenySummary.of(policies, denials, now)
        .forEach((policy, summary) -> tell(policy, summary, now, interval));
  }

  private void tell(ResourceId policy, WouldDeny summary, Instant now, Duration interval) {
    var last = told.get(policy);
    if (last != null
        && WouldDenySummary.same(last.summary(), summary)
        && now.isBefore(last.at().plus(interval))) {
      return;
    }
    try {
      meters.asked("status");
      status.wouldDeny(policy, summary);
      told.put(policy, new Told(summary, now));
    } catch (KubernetesClientException e) {
      meters.failed();
      LOG.warn("the status of {} was not written: {}", policy, e.getMessage());
    }
  }
}
