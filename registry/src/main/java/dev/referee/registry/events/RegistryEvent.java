package dev.referee.registry.events;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.registry.content.ReferrerDescriptor;
import dev.referee.registry.content.RepositoryName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened to the content of a repository, after it was acknowledged or is about to
/// be.
///
/// @param kind what happened
/// @param at when
/// @param repository where
/// @param digest to which content; null when a tag was deleted
/// @param tags the tags that were set or deleted
/// @param description what was pushed; null for a deletion
public record RegistryEvent(
    Kind kind,
    Instant at,
    RepositoryName repository,
    @Nullable Digest digest,
    List<String> tags,
    @Nullable Description description) {
  public RegistryEvent {
    requireNonNull(kind, "kind is null");
    requireNonNull(at, "at is null");
    requireNonNull(repository, "repository is null");
    tags = List.copyOf(tags);
  }

  /// What happens.
  public enum Kind {
    /// A manifest without a subject was pushed.
    PUSH,
    /// A manifest that refers to another was pushed.
    REFERRER,
    /// A tag, a manifest with all its tags, or a blob was deleted.
    DELETE
  }

  /// A manifest, as it describes itself.
  ///
  /// @param mediaType what it was pushed as
  /// @param size the length of its bytes
  /// @param artifactType the type of artifact, if it says or implies one
  /// @param subject what it refers to, if anything
  public record Description(
      String mediaType, long size, @Nullable String artifactType, @Nullable Digest subject) {
    public Description {
      requireNonNull(mediaType, "mediaType is null");
    }
  }

  /// A manifest was pushed.
  public static RegistryEvent pushed(
      Instant at,
      RepositoryName repository,
      Digest digest,
      Manifest manifest,
      long size,
      List<String> tags) {
    var subject = manifest.subject();
    return new RegistryEvent(
        subject == null ? Kind.PUSH : Kind.REFERRER,
        at,
        repository,
        digest,
        tags,
        new Description(
            manifest.mediaType().value(),
            size,
            ReferrerDescriptor.artifactType(manifest),
            subject == null ? null : subject.digest()));
  }

  /// A manifest or a blob was deleted.
  public static RegistryEvent deleted(Instant at, RepositoryName repository, Digest digest) {
    return new RegistryEvent(Kind.DELETE, at, repository, digest, List.of(), null);
  }

  /// A tag was deleted.
  public static RegistryEvent deleted(Instant at, RepositoryName repository, String tag) {
    return new RegistryEvent(Kind.DELETE, at, repository, null, List.of(tag), null);
  }
}
