package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;

/// A manifest as it was pushed.
public final class StoredManifest {
  private final Digest digest;
  private final ManifestRecord record;
  private final byte[] bytes;

  StoredManifest(Digest digest, ManifestRecord record, byte[] bytes) {
    this.digest = requireNonNull(digest, "digest is null");
    this.record = requireNonNull(record, "record is null");
    this.bytes = requireNonNull(bytes, "bytes is null");
  }

  public Digest digest() {
    return digest;
  }

  public MediaType mediaType() {
    return record.mediaType();
  }

  /// Exactly the bytes that were pushed; callers do not change them.
  public byte[] bytes() {
    return bytes;
  }

  ManifestRecord record() {
    return record;
  }
}
