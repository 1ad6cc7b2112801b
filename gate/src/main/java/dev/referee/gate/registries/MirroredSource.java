package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A repository whose content other registries have, too. They are believed only what can be
/// hashed: what a tag names, and what refers to what, the registry itself says.
final class MirroredSource implements ArtifactSource {
  private static final Logger LOG = LoggerFactory.getLogger(MirroredSource.class);

  private final List<ArtifactSource> mirrors;
  private final ArtifactSource registry;

  MirroredSource(List<ArtifactSource> mirrors, ArtifactSource registry) {
    this.mirrors = List.copyOf(mirrors);
    this.registry = requireNonNull(registry, "registry is null");
  }

  @Override
  public Optional<ManifestContent> manifest(String tag) throws SourceException {
    return registry.manifest(tag);
  }

  @Override
  public ReferrerList referrers(Digest subject) throws SourceException {
    return registry.referrers(subject);
  }

  @Override
  public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
    var mirrored = first(source -> source.manifest(digest));
    return mirrored.isPresent() ? mirrored : registry.manifest(digest);
  }

  /// A mirror that breaks off in the middle of a blob fails the read: the stream is with the caller
  /// by then.
  @Override
  public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
    var mirrored = first(source -> source.blob(descriptor));
    return mirrored.isPresent() ? mirrored : registry.blob(descriptor);
  }

  @Override
  public Optional<byte[]> blobBytes(Descriptor descriptor, int maxBytes) throws SourceException {
    var mirrored = first(source -> source.blobBytes(descriptor, maxBytes));
    return mirrored.isPresent() ? mirrored : registry.blobBytes(descriptor, maxBytes);
  }

  /// Reads something of a source.
  private interface Read<T> {
    Optional<T> from(ArtifactSource source) throws SourceException;
  }

  /// What the first mirror has that has it. Whatever goes wrong with a mirror is not the image's
  /// fault: the registry itself decides.
  private <T> Optional<T> first(Read<T> read) {
    for (var mirror : mirrors) {
      try {
        var found = read.from(mirror);
        if (found.isPresent()) {
          return found;
        }
      } catch (SourceException e) {
        LOG.debug("mirror {} does not serve: {}", mirror, e.getMessage());
      }
    }
    return Optional.empty();
  }
}
