package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import org.jspecify.annotations.Nullable;

/// An image that a pod runs.
///
/// @param image as the pod names it
/// @param running the digest that the node says it runs; null where the node knows none
public record PodImage(String image, @Nullable Digest running) {
  public PodImage {
    requireNonNull(image, "image is null");
  }

  /// What is judged: the digest that the pod names, as at admission; else the one that runs; else,
  /// for want of both, the tag.
  ///
  /// @throws MalformedContentException when the image's name is none
  public Reference reference() {
    var named = Reference.parse(image);
    return named.digest() != null || running == null
        ? named
        : new Reference(named.repository(), named.tag(), running);
  }

  /// The digest in what a node reports as `imageID`: `docker.io/library/nginx@sha256:...`, with
  /// `docker-pullable://` before it or not. A bare `sha256:...` names the image's configuration,
  /// which nobody signs; then, and for anything else, null.
  static @Nullable Digest runningDigest(@Nullable String imageId) {
    int at = imageId == null ? -1 : imageId.lastIndexOf('@');
    if (imageId == null || at <= 0) {
      return null;
    }
    try {
      return Digest.parse(imageId.substring(at + 1));
    } catch (MalformedContentException e) {
      return null;
    }
  }
}
