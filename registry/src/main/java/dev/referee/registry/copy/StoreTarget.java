package dev.referee.registry.copy;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.TagCondition;
import dev.referee.registry.content.UploadScope;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A repository of a store, whether a registry runs over it or not.
public final class StoreTarget implements CopyTarget {
  private final RegistryContent content;
  private final RepositoryName repository;
  private final UploadScope scope;

  /// @param caller in whose name blobs are uploaded
  public StoreTarget(RegistryContent content, RepositoryName repository, String caller) {
    this.content = requireNonNull(content, "content is null");
    this.repository = requireNonNull(repository, "repository is null");
    this.scope = new UploadScope(repository, caller);
  }

  @Override
  public boolean isWhole(Digest manifest) throws CopyException {
    try {
      return content.manifests().isWhole(repository, manifest);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public void putBlob(Descriptor descriptor, BlobContent blob) throws CopyException {
    try {
      var stored = content.blobs().open(repository, descriptor.digest());
      if (stored.isPresent() && stored.get().size() == descriptor.size()) {
        return;
      }
      try (var stream = blob.open()) {
        content.uploads().single(scope, stream, descriptor.digest());
      }
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public void putManifest(Digest digest, Manifest manifest, byte[] bytes, @Nullable String tag)
      throws CopyException {
    try {
      content
          .manifests()
          .put(
              repository,
              digest,
              manifest,
              bytes,
              tag == null ? List.of() : List.of(tag),
              TagCondition.ALWAYS);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /// A refusal is about what was sent, unless the registry says to come again.
  private static CopyException fault(IOException e) {
    if (e instanceof CopyException failure) {
      return failure;
    }
    boolean refused = e instanceof RegistryException refusal && refusal.status() < 500;
    return new CopyException(
        refused ? CopyReason.TARGET_REFUSED : CopyReason.TARGET_FAILED,
        String.valueOf(e.getMessage()),
        e);
  }
}
