package dev.referee.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayoutWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// An image (OCI image-spec v1.1): configuration and manifest, and the two forms in which it is
/// handed on.
final class OciImage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Layer> layers;
  private final byte[] config;
  private final byte[] manifest;
  private final Descriptor manifestDescriptor;

  /// @param settings what containers run, as `config` of image-spec's config.md
  /// @param created of the image and its history
  OciImage(List<Layer> layers, ObjectNode settings, String architecture, Instant created)
      throws JsonProcessingException {
    this.layers = List.copyOf(requireNonNull(layers, "layers is null"));
    this.config = config(settings, architecture, created);
    this.manifest = manifest(settings);
    this.manifestDescriptor = Descriptor.of(MediaType.OCI_MANIFEST, manifest);
  }

  /// What the image is named by, for good.
  Digest digest() {
    return manifestDescriptor.digest();
  }

  /// Compressed bytes of all layers.
  long size() {
    return layers.stream().mapToLong(layer -> layer.descriptor().size()).sum();
  }

  private byte[] config(ObjectNode settings, String architecture, Instant created)
      throws JsonProcessingException {
    var node = JSON.createObjectNode();
    node.put("created", created.toString());
    node.put("architecture", architecture).put("os", "linux");
    node.set("config", settings);
    var rootfs = node.putObject("rootfs").put("type", "layers");
    var diffIds = rootfs.putArray("diff_ids");
    var history = node.putArray("history");
    for (var layer : layers) {
      diffIds.add(layer.diffId().toString());
      history.addObject().put("created", created.toString()).put("created_by", layer.comment());
    }
    return JSON.writeValueAsBytes(node);
  }

  private byte[] manifest(ObjectNode settings) throws JsonProcessingException {
    var node = JSON.createObjectNode();
    node.put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST.value());
    node.set("config", tree(Descriptor.of(MediaType.OCI_CONFIG, config)));
    var list = node.putArray("layers");
    layers.forEach(layer -> list.add(tree(layer.descriptor())));
    node.set("annotations", settings.path("Labels"));
    return JSON.writeValueAsBytes(node);
  }

  private static ObjectNode tree(Descriptor descriptor) {
    return JSON.createObjectNode()
        .put("mediaType", descriptor.mediaType().value())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }

  /// Writes an image layout, for registry clients.
  void writeLayout(Path folder, String tag) throws SourceException {
    var layout = OciLayoutWriter.open(folder);
    for (var layer : layers) {
      layout.putBlob(layer.descriptor(), BlobContent.of(layer.file()));
    }
    layout.putBlob(MediaType.OCI_CONFIG, config);
    layout.putManifest(manifest, MediaType.OCI_MANIFEST, tag);
  }

  /// Writes one file that container runtimes load: an image layout in a tar archive, and beside it
  /// what older Docker engines look for.
  ///
  /// @param name as users write it, `referee:1.0`
  void writeArchive(Path file, String name, Instant time) throws IOException {
    var tree = new FileTree();
    for (var layer : layers) {
      tree.copy(blob(layer.descriptor().digest()), layer.file());
    }
    var configDigest = Digest.of(config);
    tree.text(blob(configDigest), new String(config, UTF_8));
    tree.text(blob(digest()), new String(manifest, UTF_8));
    tree.text("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    tree.text("index.json", JSON.writeValueAsString(index(name)));
    var docker = JSON.createArrayNode();
    var image = docker.addObject().put("Config", blob(configDigest));
    image.putArray("RepoTags").add(name);
    var list = image.putArray("Layers");
    layers.forEach(layer -> list.add(blob(layer.descriptor().digest())));
    tree.text("manifest.json", JSON.writeValueAsString(docker));
    try (var tar =
        new TarWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), time)) {
      tar.write(tree);
    }
  }

  private ObjectNode index(String name) {
    var node = JSON.createObjectNode();
    node.put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX.value());
    var entry = tree(manifestDescriptor);
    var annotations = entry.putObject("annotations");
    // containerd knows images by whole names; a name without a host is Docker's.
    Map.of(
            "io.containerd.image.name",
            "docker.io/library/" + name,
            "org.opencontainers.image.ref.name",
            name.substring(name.indexOf(':') + 1))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(annotation -> annotations.put(annotation.getKey(), annotation.getValue()));
    node.putArray("manifests").add(entry);
    return node;
  }

  private static String blob(Digest digest) {
    return "blobs/" + digest.algorithm().prefix() + "/" + digest.hex();
  }
}
