package dev.referee.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// What a status says, and that it is the same while nothing changes.
class RegistryStatusesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");

  private static final RegistryFinding READY =
      new RegistryFinding(
          true,
          "Ready",
          "1 of 1 pods serve",
          "images.shop.svc.cluster.local:5000",
          "PEM",
          1,
          new RegistryAnswer(true, "Answers", "it answers"));

  @Test
  void saysWhatWasFound() {
    var status = at(START).of(READY, 3, null);

    assertThat(status.path("endpoint").asText()).isEqualTo("images.shop.svc.cluster.local:5000");
    assertThat(status.path("caBundle").asText()).isEqualTo("PEM");
    assertThat(status.path("readyReplicas").asInt()).isEqualTo(1);
    assertThat(status.has("storedBytes")).isFalse();
    assertThat(status.has("lastCollection")).isFalse();
    var ready = condition(status, "Ready");
    assertThat(ready.path("status").asText()).isEqualTo("True");
    assertThat(ready.path("observedGeneration").asLong()).isEqualTo(3);
    assertThat(ready.path("lastTransitionTime").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(condition(status, "Answering").path("status").asText()).isEqualTo("True");
  }

  @Test
  void isTheSameWhileNothingChanges() {
    var before = at(START).of(READY, 3, null);

    assertThat(at(START.plus(Duration.ofHours(1))).of(READY, 3, before)).isEqualTo(before);
  }

  @Test
  void datesOnlyTheConditionThatTurned() {
    var before = at(START).of(READY, 3, null);
    var silent =
        new RegistryFinding(
            true,
            "Ready",
            "1 of 1 pods serve",
            "images.shop.svc.cluster.local:5000",
            "PEM",
            1,
            new RegistryAnswer(false, "NoAnswer", "refused"));

    var status = at(START.plus(Duration.ofHours(1))).of(silent, 3, before);

    assertThat(condition(status, "Ready")).isEqualTo(condition(before, "Ready"));
    assertThat(condition(status, "Answering").path("lastTransitionTime").asText())
        .isEqualTo("2026-01-01T01:00:00Z");
  }

  @Test
  void cutsWhatNobodyReads() {
    var endless =
        new RegistryFinding(false, "Refused", "x".repeat(100_000), null, null, null, null);

    var status = at(START).of(endless, 1, null);

    assertThat(condition(status, "Ready").path("message").asText()).hasSize(2048);
    assertThat(status.has("endpoint")).isFalse();
  }

  private static RegistryStatuses at(Instant moment) {
    return new RegistryStatuses(Clock.fixed(moment, ZoneOffset.UTC));
  }

  private static JsonNode condition(JsonNode status, String type) {
    for (var condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    throw new AssertionError("no condition " + type + " in " + status);
  }
}
