package dev.referee.e2e.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// Objects that a tool rendered, by what they are called.
final class Rendered {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Rendered() {}

  /// Reads a stream of documents.
  static Map<String, JsonNode> read(String documents) throws IOException {
    var objects = new TreeMap<String, JsonNode>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(documents)) {
      while (values.hasNextValue()) {
        var object = values.nextValue();
        if (object.isObject() && objects.put(name(object), object) != null) {
          throw new IOException(name(object) + " is rendered twice");
        }
      }
    }
    return objects;
  }

  /// One of them.
  static JsonNode object(Map<String, JsonNode> objects, String name) {
    var object = objects.get(name);
    if (object == null) {
      throw new AssertionError("%s is not among %s".formatted(name, objects.keySet()));
    }
    return object;
  }

  private static String name(JsonNode object) {
    var metadata = object.path("metadata");
    return "%s %s/%s"
        .formatted(
            object.path("kind").asText(),
            metadata.path("namespace").asText(),
            metadata.path("name").asText());
  }

  /// The same without what tells Helm to leave an object alone.
  static Map<String, JsonNode> withoutPolicies(Map<String, JsonNode> objects) {
    var plain = new TreeMap<String, JsonNode>();
    objects.forEach(
        (name, object) -> {
          var copy = object.deepCopy();
          if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove("helm.sh/resource-policy");
            if (annotations.isEmpty() && copy.path("metadata") instanceof ObjectNode metadata) {
              metadata.remove("annotations");
            }
          }
          plain.put(name, copy);
        });
    return plain;
  }
}
