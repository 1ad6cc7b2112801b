package dev.referee.registry.copy;

import dev.referee.oci.Descriptor;

/// How much one copy may bring.
///
/// @param manifests how many manifests; their digests are remembered
/// @param blobBytes how large each blob may be
public record CopyLimits(int manifests, long blobBytes) {
  /// For whoever asked for it: some 30 MiB of digests. Whoever has more copies in parts.
  public static final CopyLimits IMPORT = new CopyLimits(250_000, Descriptor.MAX_SIZE);

  /// For what strangers can attach to an image that a mirror brings. SBOMs and reports of large
  /// images have some ten MiB.
  public static final CopyLimits MIRROR = new CopyLimits(2_000, 256L << 20);

  public CopyLimits {
    if (manifests < 1 || blobBytes < 0) {
      throw new IllegalArgumentException(
          "limits of %d manifests and %d bytes".formatted(manifests, blobBytes));
    }
  }
}
