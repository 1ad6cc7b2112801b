package dev.referee.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ReferencedValues.Value;
import dev.referee.verify.policy.ValueReference;
import dev.referee.verify.policy.ValueReference.Holder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyFingerprintTest {
  private static final ValueReference KEY =
      new ValueReference(Holder.SECRET, null, "signer", "cosign.pub");

  @Test
  void staysWhatItIsForTheSameSpecs() {
    assertThat(of(policy("Enforce", 1), policy("p2", "Audit", 1)))
        .as("neither their order, nor that of fields, nor a status")
        .isEqualTo(of(reordered(policy("p2", "Audit", 7)), policy("Enforce", 3)));
  }

  @Test
  void changesWithASpec() {
    assertThat(of(policy("Enforce", 1))).isNotEqualTo(of(policy("Audit", 1)));
  }

  @Test
  void changesWithAnObject() {
    assertThat(of(policy("Enforce", 1)))
        .isNotEqualTo(of())
        .isNotEqualTo(of(policy("other", "Enforce", 1)));
  }

  @Test
  void changesWithAValueThatIsKeptElsewhere() {
    assertThat(withValue(new Value.Found("one")))
        .isEqualTo(withValue(new Value.Found("one")))
        .isNotEqualTo(withValue(new Value.Found("two")))
        .isNotEqualTo(withValue(new Value.Unavailable("NotFound", "it is not there")));
  }

  @Test
  void isNoPlaceToReadValuesFrom() {
    assertThat(withValue(new Value.Found("secret"))).hasSize(64).doesNotContain("secret");
  }

  private static String withValue(Value value) {
    var fingerprint = new PolicyFingerprint(List.of());
    ReferencedValues values = reference -> value;
    assertThat(fingerprint.of(values).value(KEY)).isEqualTo(value);
    return fingerprint.value();
  }

  private static String of(String... objects) {
    return new PolicyFingerprint(Arrays.stream(objects).map(PolicyFingerprintTest::object).toList())
        .value();
  }

  private static String policy(String action, int generation) {
    return policy("p", action, generation);
  }

  private static String policy(String name, String action, int generation) {
    return """
    {"apiVersion": "referee.dev/v1alpha1", "kind": "ClusterReferrerPolicy",
     "metadata": {"name": "%s", "generation": %d},
     "spec": {"match": {"images": ["**"]}, "action": "%s", "require": [{"name": "s", "sbom": {}}]},
     "status": {"conditions": [{"type": "G%2$d"}]}}
    """
        .formatted(name, generation, action);
  }

  private static String reordered(String policy) {
    return policy
        .replace("\"match\": {\"images\": [\"**\"]}, \"action\": \"Audit\"", "SWAP")
        .replace("SWAP", "\"action\": \"Audit\", \"match\": {\"images\": [\"**\"]}");
  }

  private static ClusterObject object(String json) {
    try {
      var tree = new ObjectMapper().readTree(json);
      var id = ResourceReader.readId(tree);
      return new ClusterObject(id, tree, ResourceReader.readOrInvalid(id, tree));
    } catch (JsonProcessingException | InvalidResourceException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
