package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import java.util.Map;

/// Manifests for tests, written as clients write them.
public final class TestManifest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode node = JSON.createObjectNode();
  private final MediaType mediaType;

  private TestManifest(MediaType mediaType) {
    this.mediaType = mediaType;
    node.put("schemaVersion", 2).put("mediaType", mediaType.value());
  }

  /// An image with this config and these layers.
  public static TestManifest image(Descriptor config, Descriptor... layers) {
    var manifest = new TestManifest(MediaType.OCI_MANIFEST);
    write(manifest.node.putObject("config"), config);
    var array = manifest.node.putArray("layers");
    for (var layer : layers) {
      write(array.addObject(), layer);
    }
    return manifest;
  }

  /// An artifact without content of its own.
  public static TestManifest artifact(String artifactType) {
    var manifest = image(Descriptor.EMPTY_JSON, Descriptor.EMPTY_JSON);
    manifest.node.put("artifactType", artifactType);
    return manifest;
  }

  public static TestManifest index(Descriptor... children) {
    var manifest = new TestManifest(MediaType.OCI_INDEX);
    var array = manifest.node.putArray("manifests");
    for (var child : children) {
      write(array.addObject(), child);
    }
    return manifest;
  }

  public TestManifest subject(Descriptor subject) {
    write(node.putObject("subject"), subject);
    return this;
  }

  public TestManifest annotations(Map<String, String> annotations) {
    var object = node.putObject("annotations");
    annotations.forEach(object::put);
    return this;
  }

  public TestManifest with(String field, String value) {
    node.put(field, value);
    return this;
  }

  public TestManifest without(String field) {
    node.remove(field);
    return this;
  }

  public MediaType mediaType() {
    return mediaType;
  }

  public byte[] bytes() {
    return node.toString().getBytes(UTF_8);
  }

  public Digest digest() {
    return Digest.of(bytes());
  }

  public Descriptor descriptor() {
    return Descriptor.of(mediaType, bytes());
  }

  private static void write(ObjectNode object, Descriptor descriptor) {
    object
        .put("mediaType", descriptor.mediaType().value())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }
}
