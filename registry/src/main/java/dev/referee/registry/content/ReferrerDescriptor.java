package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Index;
import dev.referee.oci.Manifest;
import org.jspecify.annotations.Nullable;

/// How a referrer appears in the list of its subject's referrers, written once when it is pushed
/// (distribution-spec v1.1.1, "Listing Referrers").
public final class ReferrerDescriptor {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReferrerDescriptor() {}

  static byte[] encode(Manifest manifest, Digest digest, long size) {
    var descriptor = JSON.createObjectNode();
    descriptor
        .put("mediaType", manifest.mediaType().value())
        .put("digest", digest.toString())
        .put("size", size);
    var artifactType = artifactType(manifest);
    if (artifactType != null) {
      descriptor.put("artifactType", artifactType);
    }
    if (!manifest.annotations().isEmpty()) {
      var annotations = descriptor.putObject("annotations");
      manifest.annotations().forEach(annotations::put);
    }
    return descriptor.toString().getBytes(UTF_8);
  }

  /// The manifest's own, else the type of an image's config. An empty one counts as none.
  public static @Nullable String artifactType(Manifest manifest) {
    return switch (manifest) {
      case ImageManifest image -> {
        var stated = image.statedArtifactType();
        yield stated == null || stated.isEmpty() ? image.config().mediaType().value() : stated;
      }
      case Index index -> {
        var stated = index.artifactType();
        yield stated == null || stated.isEmpty() ? null : stated;
      }
    };
  }
}
