package dev.referee.cli;

import dev.referee.registry.CollectionSchedule;
import dev.referee.registry.content.CollectionPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether and when the registry removes what nothing refers to.
final class CollectionOptions {
  /// What a collection does.
  enum Mode {
    OFF,
    EXPLAIN,
    ON
  }

  @Option(
      names = "--collect",
      paramLabel = "off|explain|on",
      defaultValue = "off",
      description = {
        "Whether to remove what nothing refers to (${DEFAULT-VALUE});",
        "explain only logs what would go, and why."
      })
  private Mode mode = Mode.OFF;

  @Option(
      names = "--collect-every",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "1h",
      description = "Pause between two collections (${DEFAULT-VALUE}).")
  private Duration every = Duration.ofHours(1);

  @Option(
      names = "--collect-grace",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "24h",
      description = "Content that nothing refers to is kept for so long (${DEFAULT-VALUE}).")
  private Duration grace = Duration.ofDays(1);

  @Option(
      names = "--keep-untagged",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "168h",
      description =
          "A manifest that no tag, index or subject holds is kept for so long (${DEFAULT-VALUE}).")
  private Duration keepUntagged = Duration.ofDays(7);

  /// The schedule; null for never.
  @Nullable CollectionSchedule schedule() throws MisuseException {
    if (mode == Mode.OFF) {
      return null;
    }
    try {
      return new CollectionSchedule(
          new CollectionPolicy(grace, keepUntagged, mode == Mode.EXPLAIN), every);
    } catch (IllegalArgumentException e) {
      throw new MisuseException("--collect: " + e.getMessage(), e);
    }
  }
}
