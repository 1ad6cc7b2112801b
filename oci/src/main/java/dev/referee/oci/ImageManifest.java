package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.json.JsonFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image manifest, which is also the shape of every other artifact (OCI image-spec v1.1,
/// manifest.md).
///
/// @param mediaType OCI's or Docker's
/// @param statedArtifactType the manifest's own `artifactType`, if it has one
/// @param config the config blob
/// @param layers the content, in order; empty for some artifacts
/// @param subject what this artifact refers to, if anything
/// @param annotations the manifest's annotations
public record ImageManifest(
    MediaType mediaType,
    @Nullable String statedArtifactType,
    Descriptor config,
    List<Descriptor> layers,
    @Nullable Descriptor subject,
    Map<String, String> annotations)
    implements Manifest {
  public ImageManifest {
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(config, "config is null");
    requireNonNull(layers, "layers is null");
    requireNonNull(annotations, "annotations is null");
  }

  @Override
  public String artifactType() {
    return statedArtifactType != null ? statedArtifactType : config.mediaType().value();
  }

  static ImageManifest read(JsonFields fields, MediaType mediaType) {
    boolean oci = mediaType.equals(MediaType.OCI_MANIFEST);
    var subject = oci ? fields.optionalObject("subject") : null;
    return new ImageManifest(
        mediaType,
        oci ? fields.optionalText("artifactType") : null,
        Descriptor.read(fields.object("config")),
        fields.objects("layers").stream().map(Descriptor::read).toList(),
        subject == null ? null : Descriptor.read(subject),
        fields.textMap("annotations"));
  }
}
