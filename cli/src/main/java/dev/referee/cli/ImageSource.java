package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The image that a command is about: in a registry, or in a folder that is an OCI layout.
///
/// @param reference what it is called
/// @param layout the folder's content; null for a registry
record ImageSource(Reference reference, @Nullable ArtifactSource layout) {
  private static final String LAYOUT = "oci-layout:";

  /// What an image of a folder is called that nobody has given a name.
  private static final Repository UNNAMED = new Repository("localhost", "oci-layout");

  ImageSource {
    requireNonNull(reference, "reference is null");
  }

  /// Reads `REFERENCE`, or `oci-layout:DIR[:TAG|@DIGEST]`.
  static ImageSource parse(String text) throws MisuseException {
    try {
      return text.startsWith(LAYOUT)
          ? layout(text.substring(LAYOUT.length()))
          : new ImageSource(Reference.parse(text), null);
    } catch (MalformedContentException | SourceException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ImageSource layout(String text) throws SourceException, MisuseException {
    int at = text.lastIndexOf('@');
    if (at > 0) {
      var layout = OciLayout.open(Path.of(text.substring(0, at)));
      return new ImageSource(
          new Reference(UNNAMED, null, Digest.parse(text.substring(at + 1))), layout);
    }
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.indexOf('/', colon) < 0) {
      var layout = OciLayout.open(Path.of(text.substring(0, colon)));
      return new ImageSource(new Reference(UNNAMED, text.substring(colon + 1), null), layout);
    }
    var layout = OciLayout.open(Path.of(text));
    var images = layout.images();
    if (images.size() != 1) {
      throw new MisuseException(
          "%s has %d images; say which with %s%s:TAG or @DIGEST"
              .formatted(text, images.size(), LAYOUT, text));
    }
    return new ImageSource(new Reference(UNNAMED, null, images.getFirst().digest()), layout);
  }

  boolean isLayout() {
    return layout != null;
  }

  /// Where it is read: the folder, or else these registries.
  ArtifactSources sources(ArtifactSources registries) {
    return layout == null ? registries : (repository, deadline) -> layout;
  }
}
