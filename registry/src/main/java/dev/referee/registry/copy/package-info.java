/// Brings artifacts from elsewhere, with everything they name and everything that refers to them:
/// from a layout on disk or another registry, into a registry or a store. Start reading at
/// [dev.referee.registry.copy.ArtifactCopy].
@NullMarked
package dev.referee.registry.copy;

import org.jspecify.annotations.NullMarked;
