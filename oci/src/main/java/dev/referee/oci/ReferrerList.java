package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What a source answers to "what refers to this digest?" (distribution-spec v1.1.1, "Listing
/// Referrers").
///
/// @param supported false where the source cannot answer at all and the tag schema must be asked;
///   an empty list of a source that supports the question is an answer
/// @param descriptors claims about referrers, to be opened before they are believed
public record ReferrerList(boolean supported, List<Descriptor> descriptors) {
  public ReferrerList {
    requireNonNull(descriptors, "descriptors is null");
  }

  public static ReferrerList of(List<Descriptor> descriptors) {
    return new ReferrerList(true, List.copyOf(descriptors));
  }

  public static ReferrerList unsupported() {
    return new ReferrerList(false, List.of());
  }
}
