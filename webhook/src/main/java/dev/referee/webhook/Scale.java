package dev.referee.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.gate.ScaleTargets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The scaling of objects that were admitted earlier, by who knows which policies: more replicas
/// are more pods of the same images. Fewer, or as many, bring nothing.
final class Scale {
  private static final String SUB_RESOURCE = "scale";
  private static final Set<String> SCALED =
      Set.of("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController");

  private Scale() {}

  static boolean isOne(AdmissionRequest request) {
    return request.subResource().equals(SUB_RESOURCE);
  }

  static boolean growsAnything(AdmissionRequest request) {
    return replicas(request.object()) > replicas(request.oldObject());
  }

  private static long replicas(@Nullable ObjectNode scale) {
    return scale == null ? 0 : scale.path("spec").path("replicas").asLong(0);
  }

  /// The request as if the scaled object were created now.
  ///
  /// @throws UnreadableObjectException when the object cannot be read
  static AdmissionRequest ofTarget(AdmissionRequest request, ScaleTargets targets)
      throws UnreadableObjectException {
    var target =
        targets
            .find(
                new ScaleTargets.Target(
                    request.resourceGroup(),
                    request.resourceVersion(),
                    request.resource(),
                    request.namespace(),
                    request.name()))
            .orElseThrow(
                () ->
                    new UnreadableObjectException(
                        "the %s %s/%s that is to be scaled cannot be read"
                            .formatted(request.resource(), request.namespace(), request.name())));
    if (!(target instanceof ObjectNode object)) {
      throw new UnreadableObjectException("the object that is to be scaled is none");
    }
    return request.about(request.resourceGroup(), object.path("kind").asText(), object);
  }

  /// Whether an object gets more replicas by being replaced as a whole. It is then asked about as
  /// if its images were new.
  static boolean grows(AdmissionRequest request) {
    return SCALED.contains(request.kind()) && request.oldObject() != null && growsAnything(request);
  }
}
