package dev.referee.operator.status;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.gate.ClusterObject;
import dev.referee.operator.cluster.Events;
import dev.referee.operator.cluster.Writes;
import dev.referee.operator.status.Conditions.Verdict;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the condition `Ready` of our objects, where it is not there already.
public final class Statuses {
  private static final String READY = "Ready";

  /// What a schema of ours lets a message have.
  private static final int MAX_MESSAGE = 32_768;

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

  private final Writes writes;
  private final Events events;

  public Statuses(Writes writes, Events events) {
    this.writes = requireNonNull(writes, "writes is null");
    this.events = requireNonNull(events, "events is null");
  }

  /// Says what there is to say about every object. One that is refused keeps no other from being
  /// written.
  ///
  /// @throws KubernetesClientException the last refusal, when there was one
  public void reconcile(List<ClusterObject> objects, Conditions conditions, Instant now) {
    var refusal = new AtomicReference<KubernetesClientException>();
    for (var object : objects) {
      conditions
          .of(object.resource())
          .ifPresent(
              verdict -> {
                try {
                  reconcile(object, verdict, now);
                } catch (KubernetesClientException e) {
                  if (e.getCode() != NOT_FOUND && e.getCode() != CONFLICT) {
                    refusal.set(e);
                  }
                  LOG.debug("the status of {} was not written", object.id(), e);
                }
              });
    }
    var last = refusal.get();
    if (last != null) {
      throw last;
    }
  }

  private void reconcile(ClusterObject object, Verdict verdict, Instant now) {
    var before = condition(object.tree());
    var condition = JsonNodeFactory.instance.objectNode();
    var status = verdict.ready() ? "True" : "False";
    condition.put("type", READY);
    condition.put("status", status);
    condition.put("reason", verdict.reason());
    condition.put("message", cut(verdict.message()));
    condition.put("observedGeneration", object.generation());
    condition.put(
        "lastTransitionTime",
        before.path("status").asText().equals(status)
            ? before.path("lastTransitionTime").asText()
            : now.truncatedTo(ChronoUnit.SECONDS).toString());
    if (isSame(before, condition)) {
      return;
    }
    var written = JsonNodeFactory.instance.objectNode();
    written.putArray("conditions").add(condition);
    writes.conditions(object.id(), object.uid(), written);
    if (!before.path("reason").asText().equals(verdict.reason())) {
      LOG.info("{}: {}: {}", object.id(), verdict.reason(), verdict.message());
      tell(object, verdict);
    }
  }

  private void tell(ClusterObject object, Verdict verdict) {
    var id = object.id();
    events.tell(
        new ObjectReferenceBuilder()
            .withApiVersion(ResourceKind.API_VERSION)
            .withKind(id.kind().kind())
            .withNamespace(id.namespace())
            .withName(id.name())
            .withUid(object.uid())
            .build(),
        verdict.ready() ? Events.Type.NORMAL : Events.Type.WARNING,
        verdict.reason(),
        verdict.message());
  }

  private static JsonNode condition(JsonNode object) {
    for (var condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(READY)) {
        return condition;
      }
    }
    return JsonNodeFactory.instance.objectNode();
  }

  /// Numbers of two trees may be of two types.
  private static boolean isSame(JsonNode before, ObjectNode after) {
    return before.size() == after.size()
        && after.properties().stream()
            .allMatch(
                entry -> before.path(entry.getKey()).asText().equals(entry.getValue().asText()));
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
  }
}
