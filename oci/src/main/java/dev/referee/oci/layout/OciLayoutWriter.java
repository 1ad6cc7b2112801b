package dev.referee.oci.layout;

import static dev.referee.oci.SourceReason.UNREACHABLE;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.VerifyingInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes an OCI image layout on disk (OCI image-spec v1.1, image-layout.md). One writer at a time.
public final class OciLayoutWriter implements ArtifactSink {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private LayoutIndex index;

  private OciLayoutWriter(Path directory, LayoutIndex index) {
    this.directory = directory;
    this.index = index;
  }

  /// Opens a layout, or begins one in a folder that has none.
  public static OciLayoutWriter open(Path directory) throws SourceException {
    try {
      Files.createDirectories(directory.resolve("blobs"));
      var marker = directory.resolve(OciLayout.MARKER);
      if (Files.exists(marker)) {
        return new OciLayoutWriter(directory, LayoutIndex.read(directory));
      }
      var writer = new OciLayoutWriter(directory, new LayoutIndex(List.of()));
      writer.writeIndex();
      replace(
          marker,
          "{\"imageLayoutVersion\":\"%s\"}"
              .formatted(OciLayout.VERSION)
              .getBytes(StandardCharsets.UTF_8));
      return writer;
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, directory + " cannot be written", e);
    }
  }

  @Override
  public void putBlob(Descriptor descriptor, BlobContent content) throws SourceException {
    var file = blobFile(descriptor.digest());
    try {
      if (Files.exists(file)) {
        return;
      }
      Files.createDirectories(parent(file));
      var unproven = Files.createTempFile(parent(file), ".", ".new");
      try (var stream = new VerifyingInputStream(content.open(), descriptor)) {
        Files.copy(stream, unproven, StandardCopyOption.REPLACE_EXISTING);
        Files.move(unproven, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unproven);
      }
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, file + " cannot be written", e);
    }
  }

  @Override
  public Digest putManifest(byte[] manifest, MediaType mediaType, @Nullable String tag)
      throws SourceException {
    var content = Manifest.parse(manifest, mediaType);
    var descriptor = putBlob(mediaType, manifest);
    index = index.with(LayoutIndex.named(descriptor, tag), content);
    writeIndex();
    return descriptor.digest();
  }

  private void writeIndex() throws SourceException {
    var file = directory.resolve(LayoutIndex.FILE);
    try {
      var document = JSON.createObjectNode();
      document.put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX.value());
      var manifests = document.putArray("manifests");
      for (var descriptor : index.manifests()) {
        var entry = manifests.addObject();
        entry
            .put("mediaType", descriptor.mediaType().value())
            .put("digest", descriptor.digest().toString())
            .put("size", descriptor.size());
        if (!descriptor.annotations().isEmpty()) {
          var annotations = entry.putObject("annotations");
          for (Map.Entry<String, String> a : descriptor.annotations().entrySet()) {
            annotations.put(a.getKey(), a.getValue());
          }
        }
      }
      replace(file, JSON.writeValueAsBytes(document));
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, file + " cannot be written", e);
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    var fresh = Files.createTempFile(parent(file), ".", ".new");
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path parent(Path file) {
    var parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no parent");
    }
    return parent;
  }

  private Path blobFile(Digest digest) {
    return directory.resolve("blobs").resolve(digest.algorithm().prefix()).resolve(digest.hex());
  }
}
