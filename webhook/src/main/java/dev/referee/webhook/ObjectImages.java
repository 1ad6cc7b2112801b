package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.CustomResourceSpec;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
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

  private final RefereeConfigurationSpec configuration;

  /// @param configuration declares where other kinds have images
  ObjectImages(RefereeConfigurationSpec configuration) {
    this.configuration = requireNonNull(configuration, "configuration is null");
  }

  /// The images that this request would bring into the cluster. What the object had before, in the
  /// same place, is not asked for again: an old pod must not become impossible to finalise.
  ///
  /// @throws UnreadableObjectException when they cannot be found, which must never read as "none"
  List<ImageField> brought(AdmissionRequest request) throws UnreadableObjectException {
    var images = of(request, request.object());
    if (images.isEmpty() && request.isPod()) {
      throw new UnreadableObjectException("the pod has no image");
    }
    if (request.oldObject() == null || Scale.grows(request)) {
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

  private List<ImageField> of(AdmissionRequest request, @Nullable JsonNode object)
      throws UnreadableObjectException {
    if (object == null) {
      throw new UnreadableObjectException("the request has no object");
    }
    var path = POD_SPECS.get(request.group() + "/" + request.kind());
    if (path == null) {
      return CustomImages.of(declared(request), object);
    }
    var spec = object;
    for (var step : path.split("\\.", -1)) {
      spec = spec.path(step);
    }
    return PodSpecImages.of(spec, path);
  }

  private CustomResourceSpec declared(AdmissionRequest request) throws UnreadableObjectException {
    return configuration.customResources().stream()
        .filter(
            custom ->
                custom.group().equals(request.resourceGroup())
                    && custom.resource().equals(request.resource()))
        .findFirst()
        .orElseThrow(
            () ->
                new UnreadableObjectException(
                    "it is not known where a %s has images; declare it in RefereeConfiguration.spec.customResources"
                        .formatted(request.kind())));
  }
}
