package dev.referee.oci;

import static dev.referee.oci.ContentReason.MEDIA_TYPE_INVALID;
import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/// A media type without parameters (RFC 6838 section 4.2), compared exactly as written.
///
/// @param value `type/subtype`
public record MediaType(String value) {
  // Before the constants, which are checked against it.
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
  private static final Pattern PATTERN = Pattern.compile(NAME + "/" + NAME);

  public static final MediaType OCI_MANIFEST = of("application/vnd.oci.image.manifest.v1+json");
  public static final MediaType OCI_INDEX = of("application/vnd.oci.image.index.v1+json");
  public static final MediaType OCI_CONFIG = of("application/vnd.oci.image.config.v1+json");
  public static final MediaType OCI_LAYER_GZIP = of("application/vnd.oci.image.layer.v1.tar+gzip");
  public static final MediaType OCI_EMPTY = of("application/vnd.oci.empty.v1+json");
  public static final MediaType DOCKER_MANIFEST =
      of("application/vnd.docker.distribution.manifest.v2+json");
  public static final MediaType DOCKER_MANIFEST_LIST =
      of("application/vnd.docker.distribution.manifest.list.v2+json");

  public MediaType {
    requireNonNull(value, "value is null");
    // The length first: a regular expression never sees megabytes.
    if (value.length() > 255 || !PATTERN.matcher(value).matches()) {
      throw new MalformedContentException(
          MEDIA_TYPE_INVALID,
          "\"%s\" is not a media type of the form type/subtype"
              .formatted(value.substring(0, Math.min(value.length(), 80))));
    }
  }

  public static MediaType of(String value) {
    return new MediaType(value);
  }

  /// Reads a `Content-Type` header: parameters such as `charset` are cut off.
  public static MediaType ofContentType(String header) {
    int semicolon = header.indexOf(';');
    return new MediaType((semicolon < 0 ? header : header.substring(0, semicolon)).strip());
  }

  public boolean isIndex() {
    return equals(OCI_INDEX) || equals(DOCKER_MANIFEST_LIST);
  }

  public boolean isImageManifest() {
    return equals(OCI_MANIFEST) || equals(DOCKER_MANIFEST);
  }

  /// Whether it is of a layer that may not be distributed: it is named by manifests and kept where
  /// its URLs say (image-spec v1.1, layer.md, "Non-Distributable Layers").
  public boolean isNonDistributable() {
    return value.startsWith("application/vnd.oci.image.layer.nondistributable.")
        || value.equals("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
  }

  @Override
  public String toString() {
    return value;
  }
}
