package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// How much of a registry's patience is used.
///
/// @param requestsPerSecond on average
/// @param burst at once; absent, twice as many
public record RateLimitSpec(Integer requestsPerSecond, Integer burst) {
  public RateLimitSpec(@Nullable Integer requestsPerSecond, @Nullable Integer burst) {
    this.requestsPerSecond = Specs.required(requestsPerSecond, "requestsPerSecond");
    Specs.check(
        this.requestsPerSecond >= 1 && this.requestsPerSecond <= 100_000,
        "requestsPerSecond is not within 1 and 100000");
    this.burst = burst == null ? 2 * this.requestsPerSecond : burst;
    Specs.check(this.burst >= 1 && this.burst <= 200_000, "burst is not within 1 and 200000");
  }
}
