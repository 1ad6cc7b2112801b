package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.CollectionPolicy;
import java.time.Duration;

/// When a registry collects, and what.
///
/// @param policy what is collected
/// @param every the pause between two collections, and before the first
public record CollectionSchedule(CollectionPolicy policy, Duration every) {
  public CollectionSchedule {
    requireNonNull(policy, "policy is null");
    if (every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("there is no pause between two collections");
    }
  }
}
