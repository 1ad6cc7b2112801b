package dev.referee.oci.json;

import static dev.referee.oci.ContentReason.FIELD_INVALID;
import static dev.referee.oci.ContentReason.FIELD_MISSING;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.MalformedContentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Typed access to the fields of a JSON object, with errors that name the field by its path. A
/// field that is JSON null counts as absent; a field of another type than asked for is an error,
/// never a guess.
public final class JsonFields {
  private final ObjectNode node;
  private final String path;

  private JsonFields(ObjectNode node, String path) {
    this.node = requireNonNull(node, "node is null");
    this.path = path;
  }

  /// The fields of a document.
  public static JsonFields of(ObjectNode node) {
    return new JsonFields(node, "");
  }

  /// The object behind these fields.
  public ObjectNode node() {
    return node;
  }

  /// Refuses every field but these: for files that people write, where a misspelt one would be
  /// meant and not heard.
  public void knowOnly(String... names) {
    knowOnly(Set.of(names));
  }

  /// Refuses every field but these.
  public void knowOnly(Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw invalid(name, "is not known");
              }
            });
  }

  public boolean has(String name) {
    return value(name) != null;
  }

  public String text(String name) {
    return required(name, optionalText(name));
  }

  public @Nullable String optionalText(String name) {
    var value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(name, "is not a string");
    }
    return value.textValue();
  }

  /// A number without fraction that fits 64 bits.
  public long wholeNumber(String name) {
    var value = value(name);
    if (value == null) {
      throw missing(name);
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw invalid(name, "is not a whole number of at most 64 bits");
    }
    return value.longValue();
  }

  public JsonFields object(String name) {
    return required(name, optionalObject(name));
  }

  public @Nullable JsonFields optionalObject(String name) {
    var value = value(name);
    return value == null ? null : object(value, name);
  }

  /// An array of objects; absent reads as empty.
  public List<JsonFields> objects(String name) {
    var array = array(name);
    var objects = new ArrayList<JsonFields>(array.size());
    for (int i = 0; i < array.size(); i++) {
      objects.add(object(array.get(i), "%s[%d]".formatted(name, i)));
    }
    return objects;
  }

  /// An array; absent reads as empty.
  public List<JsonNode> elements(String name) {
    var array = array(name);
    var elements = new ArrayList<JsonNode>(array.size());
    array.forEach(elements::add);
    return elements;
  }

  /// An object whose values are all strings; absent reads as empty.
  public Map<String, String> textMap(String name) {
    var object = optionalObject(name);
    if (object == null) {
      return Map.of();
    }
    var map = new LinkedHashMap<String, String>();
    object.node.fieldNames().forEachRemaining(key -> map.put(key, object.text(key)));
    return Collections.unmodifiableMap(map);
  }

  private ArrayNode array(String name) {
    var value = value(name);
    if (value == null) {
      return node.arrayNode();
    }
    if (value instanceof ArrayNode array) {
      return array;
    }
    throw invalid(name, "is not an array");
  }

  private JsonFields object(JsonNode value, String name) {
    if (value instanceof ObjectNode object) {
      return new JsonFields(object, pathOf(name));
    }
    throw invalid(name, "is not an object");
  }

  private @Nullable JsonNode value(String name) {
    var value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private MalformedContentException missing(String name) {
    return new MalformedContentException(FIELD_MISSING, pathOf(name) + " is missing");
  }

  private MalformedContentException invalid(String name, String what) {
    return new MalformedContentException(FIELD_INVALID, pathOf(name) + " " + what);
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
