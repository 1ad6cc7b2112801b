package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Reference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image that somebody wants to run, and what policies may select it by. What is not known is
/// null, and then counts as whatever a selector asks for: not knowing never switches a policy off.
///
/// @param image the image as it was named
/// @param namespace the namespace of the object
/// @param namespaceLabels the labels of that namespace
/// @param objectLabels the labels of the object
public record ImageRequest(
    Reference image,
    @Nullable String namespace,
    @Nullable Map<String, String> namespaceLabels,
    @Nullable Map<String, String> objectLabels) {
  public ImageRequest {
    requireNonNull(image, "image is null");
  }

  /// An image without any object around it: every policy for the image applies.
  public static ImageRequest of(Reference image) {
    return new ImageRequest(image, null, null, null);
  }
}
