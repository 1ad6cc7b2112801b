package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Predicate;

/// What is collected.
///
/// @param grace content and links that nothing refers to stay for so long. Longer than any push
///   takes: what a push that is under way has written is younger
/// @param keepUntagged a manifest that no tag, index or subject holds stays for so long
/// @param dryRun whether it is only said what would go
/// @param overlay repositories that keep what refers to images that are not there: there a subject
///   that is missing stays, and so does what refers to it
public record CollectionPolicy(
    Duration grace, Duration keepUntagged, boolean dryRun, Predicate<RepositoryName> overlay) {
  /// A push of many large layers over a slow line.
  public static final Duration MIN_GRACE = Duration.ofMinutes(10);

  public CollectionPolicy {
    requireNonNull(overlay, "overlay is null");
    if (grace.compareTo(MIN_GRACE) < 0 || keepUntagged.compareTo(MIN_GRACE) < 0) {
      throw new IllegalArgumentException(
          "what a push is about to need must be kept for %s at least".formatted(MIN_GRACE));
    }
  }

  /// A policy for repositories none of which is an overlay.
  public CollectionPolicy(Duration grace, Duration keepUntagged, boolean dryRun) {
    this(grace, keepUntagged, dryRun, _ -> false);
  }

  /// The same, where these are overlays.
  public CollectionPolicy withOverlays(Predicate<RepositoryName> overlays) {
    return new CollectionPolicy(grace, keepUntagged, dryRun, overlays);
  }
}
