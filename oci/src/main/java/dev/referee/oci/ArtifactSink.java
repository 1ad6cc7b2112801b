package dev.referee.oci;

import org.jspecify.annotations.Nullable;

/// Writes artifacts to one repository: a registry's, a layout's on disk, or a test's in memory.
public interface ArtifactSink {
  /// Stores a blob; storing what is there already is no error.
  void putBlob(Descriptor descriptor, BlobContent content) throws SourceException;

  /// Stores a manifest, exactly these bytes, after everything it names.
  ///
  /// @param tag the tag to point at it, if any
  /// @return the digest under which it can be read
  Digest putManifest(byte[] manifest, MediaType mediaType, @Nullable String tag)
      throws SourceException;

  /// Stores a small blob.
  default Descriptor putBlob(MediaType mediaType, byte[] content) throws SourceException {
    var descriptor = Descriptor.of(mediaType, content);
    putBlob(descriptor, BlobContent.of(content));
    return descriptor;
  }
}
