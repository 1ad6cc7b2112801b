package dev.referee.registry.copy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;

/// Hears what a copy does. Called on several threads at once.
public interface CopyProgress {
  /// Nobody listens.
  CopyProgress SILENT = new CopyProgress() {};

  /// A manifest is at the destination now, with what it names.
  ///
  /// @param artifactType what it says it is
  default void copied(Digest manifest, String artifactType) {}

  /// A manifest was at the destination already.
  default void found(Digest manifest) {}

  /// A blob is at the destination now.
  default void copied(Descriptor blob) {}

  /// More of a blob was read.
  ///
  /// @param bytes how much so far
  default void reading(Descriptor blob, long bytes) {}

  /// An index names a manifest that the source does not have; it stays as sparse as it is.
  default void absent(Digest child) {}

  /// Something that refers to an image was left out.
  default void leftOut(Digest referrer, CopyException why) {}

  /// A tag points at what was copied, the last step.
  default void tagged(String tag, Digest manifest) {}
}
