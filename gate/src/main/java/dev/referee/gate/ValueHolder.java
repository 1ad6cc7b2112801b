package dev.referee.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues.Value;
import dev.referee.verify.policy.ValueReference;
import dev.referee.verify.policy.ValueReference.Holder;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The values of a Secret or a ConfigMap.
final class ValueHolder {
  private final Map<String, String> values;

  private ValueHolder(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /// What kind of holder an object is; empty when it is none.
  static Optional<Holder> kind(JsonNode object) {
    if (!object.path("apiVersion").asText().equals("v1")) {
      return Optional.empty();
    }
    return switch (object.path("kind").asText()) {
      case "Secret" -> Optional.of(Holder.SECRET);
      case "ConfigMap" -> Optional.of(Holder.CONFIG_MAP);
      default -> Optional.empty();
    };
  }

  /// Reads the values of an object as the API server stores it or a manifest writes it.
  ///
  /// @throws IllegalArgumentException when a value is not Base64 where it must be
  static ValueHolder of(Holder holder, JsonNode object) {
    var values = new HashMap<String, String>();
    switch (holder) {
      case SECRET -> {
        addEncoded(values, object.path("data"));
        addPlain(values, object.path("stringData"));
      }
      case CONFIG_MAP -> {
        addEncoded(values, object.path("binaryData"));
        addPlain(values, object.path("data"));
      }
    }
    return new ValueHolder(values);
  }

  private static void addPlain(Map<String, String> values, JsonNode data) {
    data.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
  }

  private static void addEncoded(Map<String, String> values, JsonNode data) {
    for (var entry : data.properties()) {
      try {
        values.put(
            entry.getKey(),
            new String(Base64.getMimeDecoder().decode(entry.getValue().asText()), UTF_8));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the value %s is not Base64".formatted(entry.getKey()), e);
      }
    }
  }

  Value value(ValueReference reference) {
    var value = values.get(reference.key());
    return value != null
        ? new Value.Found(value)
        : new Value.Unavailable(
            Problem.REFERENCE_NOT_FOUND,
            "%s has no value %s".formatted(reference.describe(), reference.key()));
  }
}
