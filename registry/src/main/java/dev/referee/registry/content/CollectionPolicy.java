package dev.referee.registry.content;

import java.time.Duration;

/// What is collected.
///
/// @param grace content and links that nothing refers to stay for so long. Longer than any push
///   takes: what a push that is under way has written is younger
/// @param keepUntagged a manifest that no tag, index or subject holds stays for so long
/// @param dryRun whether it is only said what would go
public record CollectionPolicy(Duration grace, Duration keepUntagged, boolean dryRun) {
  /// A push of many large layers over a slow line.
  public static final Duration MIN_GRACE = Duration.ofMinutes(10);

  public CollectionPolicy {
    if (grace.compareTo(MIN_GRACE) < 0 || keepUntagged.compareTo(MIN_GRACE) < 0) {
      throw new IllegalArgumentException(
          "what a push is about to need must be kept for %s at least".formatted(MIN_GRACE));
    }
  }
}
