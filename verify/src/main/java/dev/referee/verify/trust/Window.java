package dev.referee.verify.trust;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a trust root trusts somebody: a closed interval, both ends included
/// (sigstore/protobuf-specs, `sigstore_common.proto`, `TimeRange`).
///
/// @param start when it begins
/// @param end when it ends; null, not yet
public record Window(Instant start, @Nullable Instant end) {
  /// Whether it is trusted at that time.
  public boolean contains(Instant time) {
    return !time.isBefore(start) && (end == null || !time.isAfter(end));
  }

  @Override
  public String toString() {
    return end == null ? "from " + start : "from %s to %s".formatted(start, end);
  }
}
