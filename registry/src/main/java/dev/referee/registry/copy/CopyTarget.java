package dev.referee.registry.copy;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import org.jspecify.annotations.Nullable;

/// One repository that artifacts are copied to. Blobs may come on several threads at once.
public interface CopyTarget {
  /// Whether a manifest is there with every blob that it names.
  boolean isWhole(Digest manifest) throws CopyException;

  /// Stores a blob, after proving it. One that is there is not opened.
  void putBlob(Descriptor descriptor, BlobContent content) throws CopyException;

  /// Stores a manifest, exactly these bytes, after what it names.
  ///
  /// @param tag the tag to point at it; null for none
  void putManifest(Digest digest, Manifest manifest, byte[] bytes, @Nullable String tag)
      throws CopyException;
}
