package dev.referee.verify.trust;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When somebody's word counts: from a beginning up to, and without, an end.
///
/// @param from when it begins; null, always
/// @param until when it ceases; null, never
public record Validity(@Nullable Instant from, @Nullable Instant until) {
  /// At any time.
  public static final Validity ALWAYS = new Validity(null, null);

  /// Whether it counts at that time.
  public boolean contains(Instant time) {
    return (from == null || !time.isBefore(from)) && (until == null || time.isBefore(until));
  }

  /// When it ceases; [Instant#MAX], never.
  public Instant end() {
    return until == null ? Instant.MAX : until;
  }

  @Override
  public String toString() {
    return (from == null ? "" : "from " + from)
        + (from == null || until == null ? "" : " ")
        + (until == null ? "" : "until " + until);
  }
}
