package dev.referee.api.v1alpha1;

import static dev.referee.api.v1alpha1.ResourceReason.INVALID_VALUE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Binds JSON trees to the records of this package: no unknown fields, no value of another type, no
/// guessing between a number and a string.
final class StrictMapper {
  private static final ObjectMapper MAPPER = mapper();

  private StrictMapper() {}

  static <T> T read(JsonNode node, Class<T> type, String path) throws InvalidResourceException {
    KnownFields.check(node, type, path);
    try {
      return MAPPER.treeToValue(node, type);
    } catch (ValueInstantiationException e) {
      var cause = e.getCause() instanceof IllegalArgumentException check ? check : e;
      throw invalid(pathOf(path, e.getPath()), String.valueOf(cause.getMessage()));
    } catch (InvalidFormatException e) {
      throw invalid(
          pathOf(path, e.getPath()), "\"%s\" is not allowed here".formatted(e.getValue()));
    } catch (JsonMappingException e) {
      throw invalid(pathOf(path, e.getPath()), "this type of value is not allowed here");
    } catch (JsonProcessingException e) {
      throw invalid(path, "cannot be read");
    }
  }

  private static InvalidResourceException invalid(String path, String message) {
    return new InvalidResourceException(INVALID_VALUE, "%s: %s".formatted(path, message));
  }

  private static String pathOf(String root, List<JsonMappingException.Reference> references) {
    var path = new StringBuilder(root);
    for (var reference : references) {
      if (reference.getFieldName() != null) {
        path.append('.').append(reference.getFieldName());
      } else {
        path.append('[').append(reference.getIndex()).append(']');
      }
    }
    return path.toString();
  }

  private static ObjectMapper mapper() {
    var times =
        new SimpleModule()
            .addDeserializer(Duration.class, new GoDuration())
            .addDeserializer(Instant.class, new Rfc3339());
    return JsonMapper.builder()
        .addModule(times)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }
}
