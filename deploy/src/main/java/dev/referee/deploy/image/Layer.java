package dev.referee.deploy.image;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.MediaType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A layer: a tar archive, compressed (OCI image-spec v1.1, layer.md).
///
/// @param file the compressed archive
/// @param descriptor of the compressed archive
/// @param diffId digest of the archive
/// @param comment what is in it
record Layer(Path file, Descriptor descriptor, Digest diffId, String comment) {
  private static final int BUFFER = 1 << 16;

  Layer {
    requireNonNull(file, "file is null");
    requireNonNull(descriptor, "descriptor is null");
    requireNonNull(diffId, "diffId is null");
    requireNonNull(comment, "comment is null");
  }

  /// Writes a layer.
  ///
  /// @param file made here
  /// @param time of everything in it
  static Layer write(FileTree tree, Path file, Instant time, String comment) throws IOException {
    var packed = DigestAlgorithm.SHA256.newHasher();
    var plain = DigestAlgorithm.SHA256.newHasher();
    // Java writes neither a name nor a time into the header of gzip.
    try (var out =
            new GZIPOutputStream(
                new DigestOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(file), BUFFER), packed),
                BUFFER);
        var tar = new TarWriter(new DigestOutputStream(out, plain), time)) {
      tar.write(tree);
    }
    var descriptor =
        new Descriptor(
            MediaType.OCI_LAYER_GZIP,
            Digest.ofHasher(DigestAlgorithm.SHA256, packed),
            Files.size(file),
            null,
            Map.of(),
            null);
    return new Layer(file, descriptor, Digest.ofHasher(DigestAlgorithm.SHA256, plain), comment);
  }
}
