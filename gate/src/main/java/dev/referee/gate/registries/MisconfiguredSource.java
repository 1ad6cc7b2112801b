package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import java.io.InputStream;
import java.util.Optional;

/// A registry that nobody can reach, because what was said about reaching it makes no sense.
final class MisconfiguredSource implements ArtifactSource {
  private final String message;

  MisconfiguredSource(String message) {
    this.message = requireNonNull(message, "message is null");
  }

  @Override
  public Optional<ManifestContent> manifest(String tag) throws SourceException {
    throw refusal();
  }

  @Override
  public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
    throw refusal();
  }

  @Override
  public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
    throw refusal();
  }

  @Override
  public ReferrerList referrers(Digest subject) throws SourceException {
    throw refusal();
  }

  private SourceException refusal() {
    return new SourceException(SourceReason.MISCONFIGURED, message);
  }
}
