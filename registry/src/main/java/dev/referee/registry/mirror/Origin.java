package dev.referee.registry.mirror;

import dev.referee.client.RegistryClient;
import dev.referee.client.RemoteRepository;
import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.registry.copy.CopySource;
import java.time.Duration;

/// The repository that one of ours mirrors.
///
/// @param client how it is reached
/// @param there what it is called
/// @param mirror what was said about it
record Origin(RegistryClient client, Repository there, Upstream.Mirror mirror) {
  private static final Duration MANIFEST_BUDGET = Duration.ofSeconds(45);

  /// The largest layers there are, over a slow line.
  private static final Duration BLOB_BUDGET = Duration.ofHours(2);

  Duration fresh() {
    return mirror.fresh();
  }

  long maxBlobBytes() {
    return mirror.maxBlobBytes();
  }

  RemoteRepository repository() {
    return client.open(there, Deadline.in(MANIFEST_BUDGET));
  }

  RemoteRepository blobs() {
    return client.open(there, Deadline.in(BLOB_BUDGET));
  }

  CopySource source() {
    return budget -> client.open(there, Deadline.in(budget));
  }
}
