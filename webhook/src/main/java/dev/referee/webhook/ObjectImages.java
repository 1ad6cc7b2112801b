package dev.referee.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the images of an object, whatever kind it is, and those that a change brings with it.
final class ObjectImages {
  private static final String TEMPLATE = "spec.template.spec";

  /// Where each kind has its pod spec.
  private static final Map<String, String> POD_SPECS =
      Map.of(
          "/Pod", "spec",
          "/PodTemplate", "template.spec",
          "/ReplicationController", TEMPLATE,
          "apps/Deployment", TEMPLATE,
          "apps/ReplicaSet", TEMPLATE,
          "apps/StatefulSet", TEMPLATE,
          "apps/DaemonSet", TEMPLATE,
          "batch/Job", TEMPLATE,
          "batch/CronJob", "spec.jobTemplate.spec.template.spec");

  private ObjectImages() {}

  /// The images that this request would bring into the cluster. What the object had before, in the
  /// same place, is not asked for again: an old pod must not become impossible to finalise.
  ///
  /// @throws UnreadableObjectException when they cannot be found, which must never read as "none"
  static List<ImageField> brought(AdmissionRequest request) throws UnreadableObjectException {
    var images = of(request, request.object());
    if (images.isEmpty() && isPod(request)) {
      throw new UnreadableObjectException("the pod has no image");
    }
    if (request.oldObject() == null) {
      return images;
    }
    var before = new HashMap<String, String>();
    for (var image : of(request, request.oldObject())) {
      before.put(image.slot(), image.image());
    }
    return images.stream()
        .filter(image -> !image.image().equals(before.get(image.slot())))
        .toList();
  }

  private static boolean isPod(AdmissionRequest request) {
    return request.group().isEmpty() && request.kind().equals("Pod");
  }

  private static List<ImageField> of(AdmissionRequest request, @Nullable JsonNode object)
      throws UnreadableObjectException {
    if (object == null) {
      throw new UnreadableObjectException("the request has no object");
    }
    var path = POD_SPECS.get(request.group() + "/" + request.kind());
    if (path == null) {
      throw new UnreadableObjectException(
          "it is not known where a %s has images; the webhook's rules should not name that kind"
              .formatted(request.kind()));
    }
    var spec = object;
    for (var step : path.split("\\.", -1)) {
      spec = spec.path(step);
    }
    return PodSpecImages.of(spec, path);
  }
}
