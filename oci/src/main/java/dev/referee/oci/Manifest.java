package dev.referee.oci;

import static dev.referee.oci.ContentReason.FIELD_INVALID;
import static dev.referee.oci.ContentReason.MANIFEST_AMBIGUOUS;
import static dev.referee.oci.ContentReason.MEDIA_TYPE_MISMATCH;
import static dev.referee.oci.ContentReason.MEDIA_TYPE_UNSUPPORTED;

import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image manifest or an index, OCI or Docker (OCI image-spec v1.1, manifest.md and
/// image-index.md).
public sealed interface Manifest permits ImageManifest, Index {
  /// The largest manifest that is read. Registries and clients should support 4 MiB
  /// (distribution-spec v1.1.1, "Pushing Manifests"); containerd refuses more than 4.2 MiB.
  int MAX_BYTES = 4 << 20;

  MediaType mediaType();

  /// The type of artifact this is: `artifactType`, else the config's media type. Null for an index
  /// that states none.
  @Nullable String artifactType();

  /// What this manifest refers to, if it is a referrer. Docker's types have no subject.
  @Nullable Descriptor subject();

  Map<String, String> annotations();

  /// Reads a manifest.
  ///
  /// @param content the bytes as stored
  /// @param delivered the type that whoever delivered the bytes gave them, if any
  /// @throws MalformedContentException with the first reason that holds
  static Manifest parse(byte[] content, @Nullable MediaType delivered) {
    var fields = StrictJson.readObject(content, MAX_BYTES);
    var mediaType = mediaType(fields, delivered);
    checkUnambiguous(fields);
    if (fields.wholeNumber("schemaVersion") != 2) {
      throw new MalformedContentException(FIELD_INVALID, "schemaVersion is not 2");
    }
    return mediaType.isIndex()
        ? Index.read(fields, mediaType)
        : ImageManifest.read(fields, mediaType);
  }

  private static MediaType mediaType(JsonFields fields, @Nullable MediaType delivered) {
    var stated = fields.optionalText("mediaType");
    var inBody = stated == null ? null : MediaType.of(stated);
    if (inBody != null && delivered != null && !inBody.equals(delivered)) {
      throw new MalformedContentException(
          MEDIA_TYPE_MISMATCH,
          "the manifest says it is %s but was delivered as %s".formatted(inBody, delivered));
    }
    var mediaType = inBody != null ? inBody : delivered != null ? delivered : inferred(fields);
    if (!mediaType.isIndex() && !mediaType.isImageManifest()) {
      throw new MalformedContentException(
          MEDIA_TYPE_UNSUPPORTED, "%s is not a manifest or an index".formatted(mediaType));
    }
    return mediaType;
  }

  /// `mediaType` is optional in OCI documents and a layout on disk delivers no header.
  private static MediaType inferred(JsonFields fields) {
    return fields.has("manifests") ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
  }

  private static void checkUnambiguous(JsonFields fields) {
    if (fields.has("manifests") && (fields.has("layers") || fields.has("config"))) {
      throw new MalformedContentException(
          MANIFEST_AMBIGUOUS, "one document has both manifests and layers or config");
    }
  }
}
