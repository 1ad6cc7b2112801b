package dev.referee.registry.copy;

import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import org.jspecify.annotations.Nullable;

/// One artifact to copy.
///
/// @param tag the source's name for it; null for one that is asked for by digest
/// @param digest its digest; null for one that is asked for by tag
/// @param as the tag that it gets; null for none
public record CopyRoot(@Nullable String tag, @Nullable Digest digest, @Nullable String as) {
  public CopyRoot {
    if ((tag == null) == (digest == null)) {
      throw new IllegalArgumentException("exactly one of tag and digest says what to copy");
    }
    if (as != null && !Reference.isTag(as)) {
      throw new IllegalArgumentException("\"%s\" is not a tag".formatted(as));
    }
  }

  /// What a tag names, under the same tag.
  public static CopyRoot ofTag(String tag) {
    return new CopyRoot(tag, null, tag);
  }

  @Override
  public String toString() {
    return tag != null ? tag : String.valueOf(digest);
  }
}
