package dev.referee.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The CRD manifests and the records say the same, and the manifests bound everything.
class ManifestParityTest {
  /// Declared in the schema of ReferrerPolicy only to be refused by its rule.
  private static final String REFUSED_BY_RULE = "namespaceSelector";

  private static final Map<Type, String> SCALARS =
      Map.of(
          String.class, "string",
          Duration.class, "string",
          Instant.class, "string",
          Boolean.class, "boolean",
          Integer.class, "integer",
          Long.class, "integer");

  @ParameterizedTest
  @EnumSource(ResourceKind.class)
  void namesTheKind(ResourceKind kind) {
    var spec = Yaml.manifest(kind).path("spec");

    assertThat(spec.path("group").asText()).isEqualTo(ResourceKind.GROUP);
    assertThat(spec.path("names").path("kind").asText()).isEqualTo(kind.kind());
    assertThat(spec.path("names").path("plural").asText()).isEqualTo(kind.plural());
    assertThat(spec.path("scope").asText()).isEqualTo(kind.namespaced() ? "Namespaced" : "Cluster");
    assertThat(version(kind).path("name").asText()).isEqualTo(ResourceKind.VERSION);
    assertThat(version(kind).path("subresources").has("status")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(ResourceKind.class)
  void schemaAndRecordsHaveTheSameFields(ResourceKind kind) {
    var properties = version(kind).path("schema").path("openAPIV3Schema").path("properties");

    compare(properties.path("spec"), kind.spec(), kind.kind() + ".spec");
    compare(properties.path("status"), kind.status(), kind.kind() + ".status");
  }

  /// The API server estimates the cost of the rules from these bounds, and so does everyone who
  /// sizes a cluster.
  @ParameterizedTest
  @EnumSource(ResourceKind.class)
  void everythingIsBounded(ResourceKind kind) {
    var properties = version(kind).path("schema").path("openAPIV3Schema").path("properties");

    checkBounded(properties.path("spec"), kind.kind() + ".spec");
    checkBounded(properties.path("status"), kind.kind() + ".status");
  }

  /// A misspelt field must reach the strict reader instead of being dropped in silence.
  @ParameterizedTest
  @EnumSource(ResourceKind.class)
  void unknownFieldsOfTheSpecArePreserved(ResourceKind kind) {
    checkPreserved(
        version(kind).path("schema").path("openAPIV3Schema").path("properties").path("spec"),
        kind.kind() + ".spec");
  }

  private static JsonNode version(ResourceKind kind) {
    var versions = Yaml.manifest(kind).path("spec").path("versions");
    assertThat(versions).hasSize(1);
    return versions.get(0);
  }

  private static void compare(JsonNode schema, Type type, String path) {
    switch (type) {
      case ParameterizedType map when map.getRawType() == Map.class ->
          assertThat(schema.path("additionalProperties").isObject()).as(path).isTrue();
      case ParameterizedType list -> {
        assertThat(schema.path("type").asText()).as(path).isEqualTo("array");
        compare(schema.path("items"), list.getActualTypeArguments()[0], path + "[]");
      }
      case Class<?> record when record.isRecord() -> compareRecord(schema, record, path);
      case Class<?> constants when constants.isEnum() ->
          assertThat(schema.path("enum"))
              .as(path)
              .extracting(JsonNode::asText)
              .containsExactlyInAnyOrderElementsOf(
                  Arrays.stream(constants.getEnumConstants())
                      .map(ManifestParityTest::label)
                      .toList());
      default -> {
        assertThat(SCALARS).as(path).containsKey(type);
        assertThat(schema.path("type").asText()).as(path).isEqualTo(SCALARS.get(type));
      }
    }
  }

  private static void compareRecord(JsonNode schema, Class<?> record, String path) {
    assertThat(schema.path("type").asText()).as(path).isEqualTo("object");
    var declared = new TreeSet<String>();
    schema.path("properties").fieldNames().forEachRemaining(declared::add);
    assertThat(declared)
        .as(path)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList());
    for (var component : record.getRecordComponents()) {
      var property = schema.path("properties").path(component.getName());
      if (!(path.equals("ReferrerPolicy.spec.match")
          && component.getName().equals(REFUSED_BY_RULE))) {
        compare(property, component.getGenericType(), path + "." + component.getName());
      }
    }
  }

  private static String label(Object constant) {
    try {
      var name = ((Enum<?>) constant).name();
      var property = constant.getClass().getField(name).getAnnotation(JsonProperty.class);
      return property == null ? name : property.value();
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkBounded(JsonNode schema, String path) {
    switch (schema.path("type").asText()) {
      case "array" -> {
        assertThat(schema.has("maxItems")).as(path + " has maxItems").isTrue();
        assertThat(schema.has("x-kubernetes-list-type")).as(path + " has a list type").isTrue();
        checkBounded(schema.path("items"), path + "[]");
      }
      case "string" ->
          assertThat(schema.has("maxLength") || schema.has("enum") || schema.has("format"))
              .as(path + " is bounded")
              .isTrue();
      case "boolean" -> {
        // Two values.
      }
      case "integer" -> assertThat(schema.has("minimum")).as(path + " has a minimum").isTrue();
      case "object" -> {
        if (schema.has("additionalProperties")) {
          assertThat(schema.has("maxProperties")).as(path + " has maxProperties").isTrue();
          checkBounded(schema.path("additionalProperties"), path + ".*");
        }
        for (var property : schema.path("properties").properties()) {
          checkBounded(property.getValue(), path + "." + property.getKey());
        }
      }
      default -> throw new AssertionError(path + " has no type");
    }
  }

  private static void checkPreserved(JsonNode schema, String path) {
    if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
      assertThat(schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()).as(path).isTrue();
    }
    StreamSupport.stream(schema.path("properties").properties().spliterator(), false)
        .forEach(property -> checkPreserved(property.getValue(), path + "." + property.getKey()));
    if (schema.has("items")) {
      checkPreserved(schema.path("items"), path + "[]");
    }
  }
}
