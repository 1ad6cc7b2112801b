package dev.referee.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.function.Supplier;

/// How a result is printed.
enum OutputFormat {
  TREE,
  JSON,
  YAML;

  private static final ObjectMapper JSON_MAPPER = new ObjectMapper();
  private static final YAMLMapper YAML_MAPPER =
      YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();

  /// The text of a result, with a line break at its end.
  String render(Supplier<String> tree, Supplier<JsonNode> node) {
    try {
      return switch (this) {
        case TREE -> tree.get();
        case JSON ->
            JSON_MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node.get()) + "\n";
        case YAML -> YAML_MAPPER.writeValueAsString(node.get());
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
