package dev.referee.registry.content;

import dev.referee.oci.Digest;
import org.jspecify.annotations.Nullable;

/// What must be true of a tag for it to be changed, so that whoever has read it changes nothing
/// that somebody else has put there since.
@FunctionalInterface
public interface TagCondition {
  /// Changes it whatever it points at: the last writer wins.
  TagCondition ALWAYS = _ -> true;

  /// Whether it is true.
  ///
  /// @param current what the tag points at; null for a tag that is not there
  boolean holds(@Nullable Digest current);
}
