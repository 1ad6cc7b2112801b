package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.referee.gate.Gate;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.verify.Parallel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pins the images of a pod to digests, where policies ask for that: `repo:tag` becomes
/// `repo:tag@sha256:...`.
///
/// Only pods: templates stay as their authors wrote them, so that no tool that applies them again
/// finds a difference. Pinning never refuses anything. What cannot be pinned stays as it is, and is
/// refused, or not, by the review that follows; that one trusts no pin.
final class ImagePins {
  private static final Logger LOG = LoggerFactory.getLogger(ImagePins.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Gate gate;

  ImagePins(Gate gate) {
    this.gate = requireNonNull(gate, "gate is null");
  }

  AdmissionResponse pin(AdmissionRequest request, Deadline deadline) {
    try {
      var patch = patch(request, deadline);
      return patch.isEmpty()
          ? AdmissionResponse.allow(request.uid(), List.of())
          : AdmissionResponse.patch(request.uid(), patch);
    } catch (UnreadableObjectException e) {
      LOG.debug("review {}: nothing is pinned: {}", request.uid(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("review {}: pinning failed over an error of ours", request.uid(), e);
    }
    return AdmissionResponse.allow(request.uid(), List.of());
  }

  private ArrayNode patch(AdmissionRequest request, Deadline deadline)
      throws UnreadableObjectException {
    var patch = JSON.createArrayNode();
    if (!request.bringsSomething() || !request.isPod() || !gate.isReady()) {
      return patch;
    }
    var images = new ObjectImages(gate.configuration()).brought(request);
    var pinned = pinned(request, images, deadline);
    for (var image : images) {
      var with = pinned.get(image.image());
      if (with != null) {
        // Replaced only if it still is what was looked up.
        patch
            .addObject()
            .put("op", "test")
            .put("path", pointer(image.path()))
            .put("value", image.image());
        patch
            .addObject()
            .put("op", "replace")
            .put("path", pointer(image.path()))
            .put("value", with);
      }
    }
    return patch;
  }

  /// What each image, as written, is pinned to; nothing for those that stay.
  private Map<String, String> pinned(
      AdmissionRequest request, List<ImageField> images, Deadline deadline) {
    var names = new LinkedHashSet<String>();
    images.forEach(image -> names.add(image.image()));
    if (names.isEmpty()) {
      return Map.of();
    }
    var namespace = request.namespace().isEmpty() ? null : request.namespace();
    var labels = request.objectLabels();
    return Parallel.map(
            new ArrayList<>(names),
            name -> pinned(name, namespace, labels, deadline).map(pin -> Map.entry(name, pin)))
        .stream()
        .flatMap(Optional::stream)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Optional<String> pinned(
      String name, @Nullable String namespace, Map<String, String> labels, Deadline deadline) {
    try {
      // What the author wrote stays readable: nginx:1.27 becomes nginx:1.27@sha256:..., and an
      // image without a tag gets the one that it means.
      var reference = Reference.parse(name);
      var written = name.endsWith(":" + reference.tag()) ? name : name + ":" + reference.tag();
      return gate.pin(reference, namespace, labels, deadline)
          .map(digest -> "%s@%s".formatted(written, digest));
    } catch (MalformedContentException e) {
      return Optional.empty();
    }
  }

  /// A JSON pointer (RFC 6901) for a path such as `spec.containers[0].image`.
  static String pointer(String path) {
    return "/"
        + path.replace("~", "~0")
            .replace("/", "~1")
            .replaceAll("\\[([0-9]+)\\]", ".$1")
            .replace('.', '/');
  }
}
