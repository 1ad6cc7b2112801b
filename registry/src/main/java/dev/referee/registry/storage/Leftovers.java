package dev.referee.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What a crash left behind while it was being written. Nobody sees it, but it takes space.
final class Leftovers {
  /// A small object is written in moments; whatever is this old belongs to a process that is gone.
  private static final Duration ABANDONED = Duration.ofDays(1);

  /// A start is never delayed by what many crashes left; the next one goes on.
  private static final int MAX_REMOVED = 10_000;

  private Leftovers() {}

  static void remove(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      int looked = 0;
      for (var file : files) {
        if (++looked > MAX_REMOVED) {
          return;
        }
        if (isAbandoned(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  static boolean isAbandoned(Path file) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(ABANDONED));
  }
}
