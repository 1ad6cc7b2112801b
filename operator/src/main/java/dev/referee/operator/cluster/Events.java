package dev.referee.operator.cluster;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells people what happened to an object, where `kubectl describe` shows it. The same is not told
/// twice within an hour.
public final class Events {
  /// Which of two things an event is.
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private static final Duration SILENCE = Duration.ofHours(1);

  /// What is remembered of what was told.
  private static final int MAX_TOLD = 1_000;

  /// The API server takes no longer ones.
  private static final int MAX_MESSAGE = 1_024;

  /// Where events of objects are kept that are in no namespace.
  private static final String DEFAULT_NAMESPACE = "default";

  private static final String COMPONENT = "referee-operator";

  private final Writes writes;
  private final String identity;
  private final InstantSource clock;
  private final Map<String, Instant> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_TOLD;
        }
      };

  /// @param identity which of several operators tells
  public Events(Writes writes, String identity, InstantSource clock) {
    this.writes = requireNonNull(writes, "writes is null");
    this.identity = requireNonNull(identity, "identity is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// Tells.
  ///
  /// @param object what it happened to
  /// @param reason one word, in the spelling of condition reasons
  /// @param message a sentence for people; never a secret
  public synchronized void tell(ObjectReference object, Type type, String reason, String message) {
    var now = clock.instant();
    var key = String.join("|", object.getUid(), object.getName(), reason, message);
    var before = told.get(key);
    if (before != null && now.isBefore(before.plus(SILENCE))) {
      return;
    }
    told.put(key, now);
    writes.event(
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(
                object.getNamespace() == null ? DEFAULT_NAMESPACE : object.getNamespace())
            .withGenerateName(object.getName() + ".")
            .endMetadata()
            .withInvolvedObject(object)
            .withType(type.toString())
            .withReason(reason)
            .withMessage(
                message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE))
            .withFirstTimestamp(now.toString())
            .withLastTimestamp(now.toString())
            .withCount(1)
            .withNewSource()
            .withComponent(COMPONENT)
            .endSource()
            .withReportingComponent(COMPONENT)
            .withReportingInstance(identity)
            .build());
  }
}
