package dev.referee.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayoutWriter;
import dev.referee.registry.TestManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/// An image in an OCI layout that clients push, and look for in what they pulled.
///
/// @param digest of its manifest
/// @param content its manifest, config and layer by digest
record LayoutImage(Digest digest, Map<String, byte[]> content) {
  static final String TAG = "v1";

  /// More than any client sends in one piece of memory without thinking.
  private static final int LAYER = 3 << 20;

  private static final MediaType CONFIG = MediaType.of("application/vnd.oci.image.config.v1+json");
  private static final MediaType GZIP = MediaType.of("application/vnd.oci.image.layer.v1.tar+gzip");

  LayoutImage {
    content = Map.copyOf(content);
  }

  /// Writes a new image, like no other, into a new layout under [#TAG].
  static LayoutImage write(Path folder) throws IOException {
    // Two blocks of zeros are the end of an archive; readers ignore what follows.
    var archive = new byte[LAYER];
    new SecureRandom().nextBytes(archive);
    Arrays.fill(archive, 0, 1024, (byte) 0);
    var layer = gzip(archive);
    var config =
        """
        {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}\
        """
            .formatted(Digest.of(archive))
            .getBytes(UTF_8);
    var manifest = TestManifest.image(Descriptor.of(CONFIG, config), Descriptor.of(GZIP, layer));
    write(folder, config, layer, manifest);
    var content = new TreeMap<String, byte[]>();
    for (var bytes : List.of(config, layer, manifest.bytes())) {
      content.put(Digest.of(bytes).toString(), bytes);
    }
    return new LayoutImage(manifest.digest(), content);
  }

  private static void write(Path folder, byte[] config, byte[] layer, TestManifest manifest)
      throws SourceException {
    var layout = OciLayoutWriter.open(folder);
    layout.putBlob(Descriptor.of(CONFIG, config), BlobContent.of(config));
    layout.putBlob(Descriptor.of(GZIP, layer), BlobContent.of(layer));
    layout.putManifest(manifest.bytes(), manifest.mediaType(), TAG);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new GZIPOutputStream(bytes)) {
      stream.write(content);
    }
    return bytes.toByteArray();
  }

  /// Insists that a layout holds this image, byte for byte, and nothing else.
  void assertIn(Path layout) throws IOException {
    var pulled = blobs(layout);
    assertThat(pulled.keySet()).isEqualTo(content.keySet());
    content.forEach((digest, bytes) -> assertThat(pulled.get(digest)).as(digest).isEqualTo(bytes));
  }

  /// What is in a layout, by the digest that its name says.
  static Map<String, byte[]> blobs(Path layout) throws IOException {
    try (var files = Files.list(layout.resolve("blobs/sha256"))) {
      return files.collect(
          Collectors.toMap(file -> "sha256:" + file.getFileName(), LayoutImage::read));
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
