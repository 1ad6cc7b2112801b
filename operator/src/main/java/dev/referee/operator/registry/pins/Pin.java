package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;

/// Something that runs, in the registry that it came from.
///
/// @param endpoint of the registry
/// @param repository in it
/// @param digest what runs
record Pin(String endpoint, String repository, Digest digest) {
  Pin {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(repository, "repository is null");
    requireNonNull(digest, "digest is null");
  }
}
