package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How an audit works. How often it does is for the RefereeConfiguration to say.
///
/// @param ownNamespace where Referee runs, which nobody is asked about
/// @param concurrency how many workloads are verified at once
/// @param budget the time for one image, beside what policies set themselves
public record AuditConfig(String ownNamespace, int concurrency, Duration budget) {
  private static final int DEFAULT_CONCURRENCY = 8;

  /// Longer than at admission: nobody waits.
  private static final Duration DEFAULT_BUDGET = Duration.ofSeconds(30);

  public AuditConfig {
    requireNonNull(ownNamespace, "ownNamespace is null");
    requireNonNull(budget, "budget is null");
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "nothing is verified by %d at once".formatted(concurrency));
    }
  }

  public static AuditConfig in(String ownNamespace) {
    return new AuditConfig(ownNamespace, DEFAULT_CONCURRENCY, DEFAULT_BUDGET);
  }
}
