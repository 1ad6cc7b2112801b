package dev.referee.registry.content;

import dev.referee.oci.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a manifest holds and is held by, and since when. A collection keeps one for each manifest
/// of a repository: records with all their layers would not fit.
///
/// @param push the push that wrote it
/// @param pushedAt when
/// @param subject what it refers to
/// @param children the manifests that an index names
/// @param absent content that it names and that was not there when it was pushed
record ManifestTies(
    String push,
    Instant pushedAt,
    @Nullable Digest subject,
    List<Digest> children,
    List<Digest> absent) {
  static ManifestTies of(ManifestRecord record) {
    return new ManifestTies(
        record.push(), record.pushedAt(), record.subject(), record.children(), record.absent());
  }
}
