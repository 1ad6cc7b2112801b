package dev.referee.registry.copy;

import dev.referee.oci.ArtifactSource;
import java.time.Duration;

/// Where artifacts are copied from. Opened anew for each of them: a copy may take hours, and each
/// piece of it has a deadline of its own.
@FunctionalInterface
public interface CopySource {
  /// The source, for reads that must have ended within this time.
  ArtifactSource within(Duration budget);

  /// A source that answers at once, such as a folder.
  static CopySource of(ArtifactSource source) {
    return _ -> source;
  }
}
