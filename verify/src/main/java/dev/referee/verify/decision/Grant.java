package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ResourceId;
import java.time.Instant;

/// By whose word a requirement need not hold, why and until when.
///
/// @param exception the ClusterPolicyException
/// @param reason why
/// @param approvedBy who answers for it
/// @param expiresAt when it ends
public record Grant(ResourceId exception, String reason, String approvedBy, Instant expiresAt) {
  public Grant {
    requireNonNull(exception, "exception is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(approvedBy, "approvedBy is null");
    requireNonNull(expiresAt, "expiresAt is null");
  }

  @Override
  public String toString() {
    return "excepted by %s until %s: %s (approved by %s)"
        .formatted(exception, expiresAt, reason, approvedBy);
  }
}
