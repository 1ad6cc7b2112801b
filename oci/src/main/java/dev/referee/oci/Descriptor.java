package dev.referee.oci;

import static dev.referee.oci.ContentReason.SIZE_OUT_OF_RANGE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.json.JsonFields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A content descriptor: what a manifest, an index or a list of referrers says about bytes stored
/// elsewhere (OCI image-spec v1.1, descriptor.md).
///
/// `artifactType` and `annotations` are claims of whoever wrote the list. They may order a search,
/// they never decide: cosign 3.1 writes wrong ones into fallback indexes.
///
/// @param mediaType type of the content, never parameters or charset
/// @param digest what the bytes hash to
/// @param size length in bytes, at most [#MAX_SIZE]
/// @param artifactType claimed type of the artifact, if any
/// @param annotations claimed annotations, in the order of the document
/// @param platform platform of a child of an index, if any
public record Descriptor(
    MediaType mediaType,
    Digest digest,
    long size,
    @Nullable String artifactType,
    Map<String, String> annotations,
    @Nullable Platform platform) {
  /// Registries cap a blob far below this; a larger number is a mistake or an attack.
  public static final long MAX_SIZE = 1L << 40;

  /// The empty JSON object `{}`, config of most artifacts (image-spec v1.1, "Guidance for an empty
  /// descriptor").
  public static final Descriptor EMPTY_JSON = of(MediaType.OCI_EMPTY, new byte[] {'{', '}'});

  public Descriptor {
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(digest, "digest is null");
    requireNonNull(annotations, "annotations is null");
    if (size < 0 || size > MAX_SIZE) {
      throw new MalformedContentException(
          SIZE_OUT_OF_RANGE, "descriptor size %d is not within 0..%d".formatted(size, MAX_SIZE));
    }
  }

  public Descriptor(MediaType mediaType, Digest digest, long size) {
    this(mediaType, digest, size, null, Map.of(), null);
  }

  /// Describes these bytes, by SHA-256.
  public static Descriptor of(MediaType mediaType, byte[] content) {
    return new Descriptor(mediaType, Digest.of(content), content.length);
  }

  /// Reads one descriptor of a JSON document. Unknown fields are kept out and no error, as the
  /// specification asks.
  public static Descriptor read(JsonFields fields) {
    var platform = fields.optionalObject("platform");
    return new Descriptor(
        MediaType.of(fields.text("mediaType")),
        Digest.parse(fields.text("digest")),
        fields.wholeNumber("size"),
        fields.optionalText("artifactType"),
        fields.textMap("annotations"),
        platform == null ? null : Platform.read(platform));
  }
}
