package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which images of which objects a policy is about. What is absent restricts nothing.
///
/// @param images globs of repositories; empty, every image
/// @param excludeImages globs of repositories that are left out
/// @param namespaceSelector labels of the namespace; not in a ReferrerPolicy
/// @param objectSelector labels of the object
public record MatchSpec(
    List<String> images,
    List<String> excludeImages,
    @Nullable LabelSelectorSpec namespaceSelector,
    @Nullable LabelSelectorSpec objectSelector) {
  static final MatchSpec EVERYTHING = new MatchSpec(null, null, null, null);

  public MatchSpec(
      @Nullable List<String> images,
      @Nullable List<String> excludeImages,
      @Nullable LabelSelectorSpec namespaceSelector,
      @Nullable LabelSelectorSpec objectSelector) {
    // An empty list is a list somebody emptied, not the absence that means "every image".
    Specs.check(images == null || !images.isEmpty(), "match.images is empty; leave it out for all");
    this.images = Specs.list(images);
    this.excludeImages = Specs.list(excludeImages);
    this.namespaceSelector = namespaceSelector;
    this.objectSelector = objectSelector;
  }
}
