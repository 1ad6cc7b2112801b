package dev.referee.registry.content;

/// Which manifests may name what their repository does not have (distribution-spec v1.1.1, "Pushing
/// Manifests": a registry may refuse them).
public enum SparseManifests {
  /// None but the subject, which may always be missing.
  NONE,
  /// Indexes may name manifests that are elsewhere, or nowhere yet.
  INDEXES,
  /// Images may name missing content, too.
  IMAGES;

  boolean allowMissingChildren() {
    return this != NONE;
  }

  boolean allowMissingBlobs() {
    return this == IMAGES;
  }
}
