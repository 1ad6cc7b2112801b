package dev.referee.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Finds every image of a pod spec: init, app and ephemeral containers, and image volumes.
final class PodSpecImages {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  /// More than any pod has; each is looked up at a registry.
  private static final int MAX_IMAGES = 512;

  private final JsonNode spec;
  private final String path;
  private final List<ImageField> found = new ArrayList<>();

  private PodSpecImages(JsonNode spec, String path) {
    this.spec = spec;
    this.path = path;
  }

  /// @param spec the pod spec
  /// @param path where it stands in its object: `spec.template.spec`
  static List<ImageField> of(JsonNode spec, String path) throws UnreadableObjectException {
    if (!spec.isObject()) {
      throw new UnreadableObjectException(path + " is not a pod spec");
    }
    var images = new PodSpecImages(spec, path);
    for (var list : CONTAINERS) {
      images.addContainers(list);
    }
    images.addVolumes();
    if (images.found.size() > MAX_IMAGES) {
      throw new UnreadableObjectException(
          "%s has %d images, at most %d are checked"
              .formatted(path, images.found.size(), MAX_IMAGES));
    }
    return List.copyOf(images.found);
  }

  private void addContainers(String list) throws UnreadableObjectException {
    var containers = array(list);
    for (int i = 0; i < containers.size(); i++) {
      var container = containers.get(i);
      var at = "%s.%s[%d]".formatted(path, list, i);
      add(container.path("image"), at + ".image", slot(list, container, i));
    }
  }

  private void addVolumes() throws UnreadableObjectException {
    var volumes = array("volumes");
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      if (volume.has("image")) {
        var at = "%s.volumes[%d].image.reference".formatted(path, i);
        add(volume.path("image").path("reference"), at, slot("volumes", volume, i));
      }
    }
  }

  private void add(JsonNode image, String at, String slot) throws UnreadableObjectException {
    if (image.isMissingNode() || image.isNull()) {
      // Kubernetes lets a template leave an image out for others to fill in; there is nothing to
      // run yet.
      return;
    }
    if (!image.isTextual()) {
      throw new UnreadableObjectException(at + " is not a string");
    }
    if (!image.textValue().isEmpty()) {
      found.add(new ImageField(at, slot, image.textValue()));
    }
  }

  private JsonNode array(String name) throws UnreadableObjectException {
    var value = spec.path(name);
    if (value.isMissingNode() || value.isNull() || value.isArray()) {
      return value;
    }
    throw new UnreadableObjectException("%s.%s is not a list".formatted(path, name));
  }

  /// Names are unique in their list; where one is missing the position has to do.
  private static String slot(String list, JsonNode element, int position) {
    var name = element.path("name").asText();
    return "%s/%s".formatted(list, name.isEmpty() ? "#" + position : name);
  }
}
