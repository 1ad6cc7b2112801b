package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.decision.Decision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/// What is counted about reviews. Labels have few values, all of them ours: whatever a user may
/// name would be a label without bounds.
final class AdmissionMeters {
  private final MeterRegistry meters;

  AdmissionMeters(MeterRegistry meters) {
    this.meters = requireNonNull(meters, "meters is null");
  }

  /// How a review ended.
  enum Outcome {
    ALLOWED,
    WARNED,
    PATCHED,
    DENIED,
    MALFORMED,
    OVERLOADED
  }

  /// A review was answered.
  ///
  /// @param endpoint `/validate` or `/mutate`
  void answered(String endpoint, Outcome outcome, Duration took) {
    Timer.builder("referee.admission.duration")
        .description("Reviews, from the body to the answer")
        .publishPercentileHistogram(false)
        .tag("endpoint", endpoint)
        .tag("outcome", label(outcome))
        .register(meters)
        .record(took);
  }

  /// An image was decided about.
  void decided(Decision decision) {
    var kind =
        switch (decision) {
          case Decision.Allowed _ -> "allowed";
          case Decision.Warned _ -> "warned";
          case Decision.Denied denied -> denied.isUndecided() ? "undecided" : "denied";
        };
    meters.counter("referee.admission.images", "decision", kind).increment();
    for (var policy : decision.findings().policies()) {
      for (var requirement : policy.requirements()) {
        requirement
            .outcome()
            .failure()
            .ifPresent(
                reason ->
                    meters
                        .counter(
                            "referee.admission.failures",
                            "reason",
                            reason.name(),
                            "action",
                            policy.action().name())
                        .increment());
      }
    }
  }

  private static String label(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}
