package dev.referee.registry.content;

import java.time.Duration;

/// What unfinished uploads may take.
///
/// @param count how many there may be; each is a file and may be large
/// @param idle one that has not grown for so long is given up
public record UploadLimits(int count, Duration idle) {
  /// More than any cluster pushes at once; a day covers a client that comes back after a night.
  public static final UploadLimits DEFAULT = new UploadLimits(4096, Duration.ofDays(1));

  public UploadLimits {
    if (count < 1 || idle.isNegative()) {
      throw new IllegalArgumentException("upload limits %d and %s".formatted(count, idle));
    }
  }
}
