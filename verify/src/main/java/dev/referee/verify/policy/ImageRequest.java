package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Reference;
import dev.referee.oci.Repository;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image that somebody wants to run, and what policies may select it by. What is not known is
/// null, and then counts as whatever a selector asks for: not knowing never switches a policy off.
///
/// @param image the image as it was named
/// @param repository the repository that policies match; null for content that has no name, as in a
///   folder
/// @param namespace the namespace of the object
/// @param namespaceLabels the labels of that namespace
/// @param objectLabels the labels of the object
public record ImageRequest(
    Reference image,
    @Nullable Repository repository,
    @Nullable String namespace,
    @Nullable Map<String, String> namespaceLabels,
    @Nullable Map<String, String> objectLabels) {
  public ImageRequest {
    requireNonNull(image, "image is null");
  }

  /// An image without any object around it: every policy for the image applies.
  public static ImageRequest of(Reference image) {
    return in(null, null, null, image);
  }

  /// An image of an object.
  public static ImageRequest in(
      @Nullable String namespace,
      @Nullable Map<String, String> namespaceLabels,
      @Nullable Map<String, String> objectLabels,
      Reference image) {
    return new ImageRequest(image, image.repository(), namespace, namespaceLabels, objectLabels);
  }
}
