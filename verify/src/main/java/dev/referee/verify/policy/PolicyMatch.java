package dev.referee.verify.policy;

import dev.referee.api.v1alpha1.LabelSelectorSpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.oci.Repository;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which images of which objects a policy is about.
///
/// @param namespace for a ReferrerPolicy, its own namespace; null for every namespace
/// @param images empty for every image
/// @param excludeImages images that are left out
/// @param namespaceSelector labels of the namespace
/// @param objectSelector labels of the object
record PolicyMatch(
    @Nullable String namespace,
    List<ImagePattern> images,
    List<ImagePattern> excludeImages,
    @Nullable LabelSelectorSpec namespaceSelector,
    @Nullable LabelSelectorSpec objectSelector) {
  /// Compiles a match.
  ///
  /// @throws IllegalArgumentException with a sentence, when a pattern could not mean anything
  static PolicyMatch compile(@Nullable String namespace, MatchSpec spec) {
    return new PolicyMatch(
        namespace,
        spec.images().stream().map(ImagePattern::parse).toList(),
        spec.excludeImages().stream().map(ImagePattern::parse).toList(),
        spec.namespaceSelector(),
        spec.objectSelector());
  }

  static PolicyMatch everything(@Nullable String namespace) {
    return new PolicyMatch(namespace, List.of(), List.of(), null, null);
  }

  boolean matches(ImageRequest request) {
    return isInScope(request)
        && isAbout(request.repository())
        && Labels.selected(namespaceSelector, request.namespaceLabels())
        && Labels.selected(objectSelector, request.objectLabels());
  }

  /// Where the repository is not known, any pattern may be meant, and no exclusion is.
  private boolean isAbout(@Nullable Repository repository) {
    return repository == null
        || ((images.isEmpty() || images.stream().anyMatch(p -> p.matches(repository)))
            && excludeImages.stream().noneMatch(p -> p.matches(repository)));
  }

  /// Where the namespace is not known, a policy of any namespace may be meant.
  private boolean isInScope(ImageRequest request) {
    return namespace == null
        || request.namespace() == null
        || namespace.equals(request.namespace());
  }
}
