package dev.referee.api.v1alpha1;

import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_FIELD;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Finds the fields of a tree that no record knows, before anything is bound: a misspelt field is
/// then named as such, whatever its absence under the right name would have led to.
final class KnownFields {
  private KnownFields() {}

  static void check(JsonNode node, Type type, String path) throws InvalidResourceException {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      for (int i = 0; i < node.size() && node.isArray(); i++) {
        check(node.get(i), list.getActualTypeArguments()[0], "%s[%d]".formatted(path, i));
      }
    } else if (type instanceof Class<?> record && record.isRecord()) {
      checkRecord(node, record, path);
    }
  }

  private static void checkRecord(JsonNode node, Class<?> record, String path)
      throws InvalidResourceException {
    Map<String, Type> known =
        Arrays.stream(record.getRecordComponents())
            .collect(
                Collectors.toMap(
                    RecordComponent::getName,
                    RecordComponent::getGenericType,
                    (first, second) -> first,
                    LinkedHashMap::new));
    for (var field : node.properties()) {
      var fieldPath = path + "." + field.getKey();
      var type = known.get(field.getKey());
      if (type == null) {
        throw new InvalidResourceException(
            UNKNOWN_FIELD,
            "%s is not a known field; known here: %s"
                .formatted(fieldPath, String.join(", ", known.keySet())));
      }
      check(field.getValue(), type, fieldPath);
    }
  }
}
