package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import java.time.Instant;

/// Somebody needs a manifest until a moment, whether it has a tag or not.
///
/// @param digest the manifest
/// @param until when the lease ends by itself
public record Pin(Digest digest, Instant until) {
  public Pin {
    requireNonNull(digest, "digest is null");
    requireNonNull(until, "until is null");
  }
}
