package dev.referee.registry.copy;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.client.RemoteRepository;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A repository of a registry that runs.
public final class RemoteTarget implements CopyTarget {
  private static final Duration BUDGET = Duration.ofMinutes(2);

  private final RegistryClient client;
  private final Repository repository;

  public RemoteTarget(RegistryClient client, Repository repository) {
    this.client = requireNonNull(client, "client is null");
    this.repository = requireNonNull(repository, "repository is null");
  }

  @Override
  public boolean isWhole(Digest manifest) throws CopyException {
    try {
      return within(BUDGET).manifest(manifest).isPresent();
    } catch (SourceException e) {
      throw CopyException.ofTarget(e);
    }
  }

  @Override
  public void putBlob(Descriptor descriptor, BlobContent content) throws CopyException {
    try {
      within(SourceBlob.budget(descriptor.size())).putBlob(descriptor, content);
    } catch (SourceException e) {
      throw CopyException.ofTarget(e);
    }
  }

  @Override
  public void putManifest(Digest digest, Manifest manifest, byte[] bytes, @Nullable String tag)
      throws CopyException {
    try {
      within(BUDGET).putManifest(digest, bytes, manifest.mediaType(), tag);
    } catch (SourceException e) {
      throw CopyException.ofTarget(e);
    }
  }

  private RemoteRepository within(Duration budget) {
    return client.open(repository, Deadline.in(budget));
  }
}
