package dev.referee.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The objects of an installation, as Kustomize renders them. That the file is what it renders is
/// proven in `e2e`, with the real one.
final class Installation {
  private static final Path FILE = Path.of("rendered/referee.yaml");

  private final List<JsonNode> objects;

  private Installation(List<JsonNode> objects) {
    this.objects = List.copyOf(objects);
  }

  static Installation read() {
    var yaml = new ObjectMapper(new YAMLFactory());
    try (var values = yaml.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(FILE))) {
      var objects = new ArrayList<JsonNode>();
      values.forEachRemaining(objects::add);
      return new Installation(objects);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<JsonNode> objects() {
    return objects.stream();
  }

  Stream<JsonNode> ofKind(String... kinds) {
    return objects().filter(object -> List.of(kinds).contains(object.path("kind").asText()));
  }

  JsonNode object(String kind, String name) {
    return ofKind(kind)
        .filter(object -> name(object).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no %s %s".formatted(kind, name)));
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
