package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.Condition;
import dev.referee.api.v1alpha1.OciRegistryStatus;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Turns what was found out about a registry into its status. What did not change keeps its time,
/// so that a status that says the same is the same.
final class RegistryStatuses {
  private static final String READY = "Ready";

  /// Whether the registry itself answers the operator. It says nothing against `Ready`: a network
  /// policy may keep the operator away from what everybody else reaches.
  private static final String ANSWERING = "Answering";

  /// The CRD allows more; a person reads the beginning.
  private static final int MAX_MESSAGE = 2048;

  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  private final Clock clock;

  RegistryStatuses(Clock clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// The status of a registry.
  ///
  /// @param finding what was found out
  /// @param generation of the spec that was looked at
  /// @param before the status that the object has
  JsonNode of(RegistryFinding finding, long generation, @Nullable JsonNode before) {
    var conditions = new ArrayList<Condition>();
    conditions.add(
        condition(READY, finding.ready(), finding.reason(), finding.message(), generation, before));
    var answer = finding.answer();
    if (answer != null) {
      conditions.add(
          condition(
              ANSWERING, answer.answers(), answer.reason(), answer.message(), generation, before));
    }
    return JSON.valueToTree(
        new OciRegistryStatus(
            conditions,
            finding.endpoint(),
            finding.readyReplicas(),
            // It does not give account of either yet.
            null,
            null,
            finding.caBundle()));
  }

  private Condition condition(
      String type,
      boolean holds,
      String reason,
      String message,
      long generation,
      @Nullable JsonNode before) {
    var value = holds ? "True" : "False";
    return new Condition(
        type,
        value,
        reason,
        message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message,
        generation,
        since(type, value, before));
  }

  private String since(String type, String value, @Nullable JsonNode before) {
    if (before != null) {
      for (var condition : before.path("conditions")) {
        if (condition.path("type").asText().equals(type)
            && condition.path("status").asText().equals(value)) {
          return condition.path("lastTransitionTime").asText();
        }
      }
    }
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
