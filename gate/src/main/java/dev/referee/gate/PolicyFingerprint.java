package dev.referee.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Digest;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ReferencedValues.Value;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// What decides, in one hash. Values are part of it as hashes of their own: it must not be possible
/// to guess one from a short list by trying.
final class PolicyFingerprint {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// An API server may hand out one object with its fields in two orders.
  private static final ObjectWriter SORTED =
      JSON.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final Map<String, String> parts = new TreeMap<>();

  PolicyFingerprint(Collection<ClusterObject> objects) {
    for (var object : objects) {
      // The spec of a bundled registry says where it runs, which decides about no image.
      if (object.id().kind() != ResourceKind.OCI_REGISTRY) {
        parts.put(object.id().toString(), spec(object));
      }
    }
  }

  private static String spec(ClusterObject object) {
    try {
      return SORTED.writeValueAsString(JSON.convertValue(object.tree().path("spec"), Object.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  /// The same values, each of which counts once it is asked for.
  ReferencedValues of(ReferencedValues values) {
    return reference -> {
      var value = values.value(reference);
      parts.put(
          reference.toString(),
          switch (value) {
            case Value.Found found -> hash(found.text());
            case Value.Unavailable unavailable -> unavailable.reason();
          });
      return value;
    };
  }

  String value() {
    return hash(parts.toString());
  }

  private static String hash(String text) {
    return Digest.of(text.getBytes(UTF_8)).hex();
  }
}
