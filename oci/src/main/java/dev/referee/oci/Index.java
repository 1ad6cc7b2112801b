package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.json.JsonFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image index or Docker manifest list (OCI image-spec v1.1, image-index.md).
///
/// @param mediaType OCI's or Docker's
/// @param artifactType the index's own `artifactType`, if it has one
/// @param manifests the children, in order
/// @param subject what this artifact refers to, if anything
/// @param annotations the index's annotations
public record Index(
    MediaType mediaType,
    @Nullable String artifactType,
    List<Descriptor> manifests,
    @Nullable Descriptor subject,
    Map<String, String> annotations)
    implements Manifest {
  public Index {
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(manifests, "manifests is null");
    requireNonNull(annotations, "annotations is null");
  }

  static Index read(JsonFields fields, MediaType mediaType) {
    boolean oci = mediaType.equals(MediaType.OCI_INDEX);
    var subject = oci ? fields.optionalObject("subject") : null;
    return new Index(
        mediaType,
        oci ? fields.optionalText("artifactType") : null,
        fields.objects("manifests").stream().map(Descriptor::read).toList(),
        subject == null ? null : Descriptor.read(subject),
        fields.textMap("annotations"));
  }
}
