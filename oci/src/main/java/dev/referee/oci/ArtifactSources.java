package dev.referee.oci;

/// Opens repositories: the one thing the engine asks of the world.
public interface ArtifactSources {
  /// The artifacts of a repository. Opening costs nothing and asks nobody; what cannot be reached
  /// shows when something is read.
  ///
  /// @param deadline when it passes, reads that have not ended fail with `TIMEOUT`
  ArtifactSource open(Repository repository, Deadline deadline);
}
