package dev.referee.verify.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// A JSON document with each of its nodes gone, or of another type, one at a time.
final class StructureSweep {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<JsonNode> INSTEAD =
      List.of(
          JSON.nullNode(),
          JSON.numberNode(-1),
          JSON.numberNode(1.5),
          JSON.textNode(""),
          JSON.textNode("-1"),
          JSON.textNode("99999999999999999999"),
          JSON.textNode("AQ=="),
          JSON.textNode("sha999"),
          JSON.booleanNode(true),
          JSON.arrayNode(),
          JSON.objectNode());

  private final JsonNode root;
  private final BiConsumer<String, String> check;

  private StructureSweep(JsonNode root, BiConsumer<String, String> check) {
    this.root = root;
    this.check = check;
  }

  /// @param root is changed meanwhile, and itself again afterwards
  /// @param check is given what was changed, and the document
  static void over(JsonNode root, BiConsumer<String, String> check) {
    new StructureSweep(root, check).walk("", root);
  }

  private void walk(String path, JsonNode node) {
    switch (node) {
      case ObjectNode object -> walkObject(path, object);
      case ArrayNode array -> walkArray(path, array);
      default -> {
        // Its parent replaces it.
      }
    }
  }

  private void walkObject(String path, ObjectNode object) {
    for (var name :
        new ArrayList<>(object.propertyStream().map(entry -> entry.getKey()).toList())) {
      var at = path + "." + name;
      var value = object.get(name);
      object.remove(name);
      check.accept(at + " removed", root.toString());
      for (var instead : INSTEAD) {
        object.set(name, instead);
        check.accept(at + " became " + instead, root.toString());
      }
      object.set(name, value);
      walk(at, value);
    }
  }

  private void walkArray(String path, ArrayNode array) {
    for (int i = 0; i < array.size(); i++) {
      var at = "%s[%d]".formatted(path, i);
      var value = array.get(i);
      for (var instead : INSTEAD) {
        array.set(i, instead);
        check.accept(at + " became " + instead, root.toString());
      }
      array.set(i, value);
      walk(at, value);
    }
    if (!array.isEmpty()) {
      var last = array.get(array.size() - 1);
      array.add(last);
      check.accept(path + " has its last twice", root.toString());
      array.remove(array.size() - 1);
      for (int i = 0; i < 100; i++) {
        array.add(last);
      }
      check.accept(path + " has its last very often", root.toString());
      for (int i = 0; i < 100; i++) {
        array.remove(array.size() - 1);
      }
    }
  }
}
