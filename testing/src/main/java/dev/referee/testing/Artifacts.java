package dev.referee.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pushes images and artifacts as crane and oras do.
public final class Artifacts {
  private Artifacts() {}

  /// A small image that differs from every other by its content.
  public static Descriptor image(ArtifactSink sink, String content, @Nullable String tag)
      throws SourceException {
    var layer =
        sink.putBlob(
            MediaType.of("application/vnd.oci.image.layer.v1.tar"),
            content.getBytes(StandardCharsets.UTF_8));
    var config = Json.object().put("architecture", "amd64").put("os", "linux");
    config
        .putObject("rootfs")
        .put("type", "layers")
        .putArray("diff_ids")
        .add(layer.digest().toString());
    var configDescriptor = sink.putBlob(MediaType.OCI_CONFIG, Json.bytes(config));
    return put(sink, manifest(configDescriptor, List.of(layer), null, null, Map.of()), tag);
  }

  /// An index over images.
  public static Descriptor index(ArtifactSink sink, List<Descriptor> children, @Nullable String tag)
      throws SourceException {
    var index = Json.object();
    index.put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX.value());
    var manifests = index.putArray("manifests");
    children.forEach(child -> manifests.add(descriptor(child)));
    var bytes = Json.bytes(index);
    sink.putManifest(bytes, MediaType.OCI_INDEX, tag);
    return Descriptor.of(MediaType.OCI_INDEX, bytes);
  }

  /// An artifact of one blob that refers to a subject, as `oras attach` makes it.
  public static Descriptor attach(
      ArtifactSink sink, Descriptor subject, String artifactType, byte[] content)
      throws SourceException {
    return attach(sink, subject, artifactType, MediaType.of(artifactType), content, Map.of());
  }

  public static Descriptor attach(
      ArtifactSink sink,
      @Nullable Descriptor subject,
      String artifactType,
      MediaType blobType,
      byte[] content,
      Map<String, String> annotations)
      throws SourceException {
    var layer = sink.putBlob(blobType, content);
    return put(
        sink,
        manifest(emptyConfig(sink), List.of(layer), artifactType, subject, annotations),
        null);
  }

  static Descriptor emptyConfig(ArtifactSink sink) throws SourceException {
    return sink.putBlob(MediaType.OCI_EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
  }

  static Descriptor put(ArtifactSink sink, ObjectNode manifest, @Nullable String tag)
      throws SourceException {
    var bytes = Json.bytes(manifest);
    sink.putManifest(bytes, MediaType.OCI_MANIFEST, tag);
    return Descriptor.of(MediaType.OCI_MANIFEST, bytes);
  }

  static ObjectNode manifest(
      Descriptor config,
      List<Descriptor> layers,
      @Nullable String artifactType,
      @Nullable Descriptor subject,
      Map<String, String> annotations) {
    var manifest = Json.object();
    manifest.put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST.value());
    if (artifactType != null) {
      manifest.put("artifactType", artifactType);
    }
    manifest.set("config", descriptor(config));
    var array = manifest.putArray("layers");
    layers.forEach(layer -> array.add(descriptor(layer)));
    if (subject != null) {
      manifest.set("subject", descriptor(subject));
    }
    if (!annotations.isEmpty()) {
      annotations.forEach(manifest.putObject("annotations")::put);
    }
    return manifest;
  }

  static ObjectNode descriptor(Descriptor descriptor) {
    var node = Json.object();
    node.put("mediaType", descriptor.mediaType().value());
    node.put("digest", descriptor.digest().toString());
    node.put("size", descriptor.size());
    if (!descriptor.annotations().isEmpty()) {
      descriptor.annotations().forEach(node.putObject("annotations")::put);
    }
    return node;
  }
}
