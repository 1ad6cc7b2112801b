package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.CustomResourceSpec;
import java.util.ArrayList;
import java.util.List;

/// Finds the images of an object of somebody else's kind, at the paths that the configuration
/// declares.
final class CustomImages {
  private static final String EVERY = "*";
  private static final String EVERY_ELEMENT = "[*]";

  /// More places than any object has; paths with several `[*]` multiply.
  private static final int MAX_PLACES = 2_000;

  private final List<ImageField> found = new ArrayList<>();
  private int places;

  private CustomImages() {}

  /// A place that a path led to.
  private interface Place {
    void visit(JsonNode value, String at) throws UnreadableObjectException;
  }

  static List<ImageField> of(CustomResourceSpec declared, JsonNode object)
      throws UnreadableObjectException {
    var images = new CustomImages();
    for (var path : declared.podTemplates()) {
      images.walk(object, path, images::addTemplate);
    }
    for (var path : declared.podSpecs()) {
      images.walk(object, path, images::addPodSpec);
    }
    for (var path : declared.images()) {
      images.walk(object, path, images::addImage);
    }
    return List.copyOf(images.found);
  }

  private void addTemplate(JsonNode template, String at) throws UnreadableObjectException {
    if (template.path("spec").isMissingNode()) {
      throw new UnreadableObjectException(at + " is not a pod template");
    }
    addPodSpec(template.path("spec"), at + ".spec");
  }

  private void addPodSpec(JsonNode spec, String at) throws UnreadableObjectException {
    for (var image : PodSpecImages.of(spec, at)) {
      // Several pod specs of one object may have containers of the same name.
      found.add(new ImageField(image.path(), at + "/" + image.slot(), image.image()));
    }
  }

  private void addImage(JsonNode image, String at) throws UnreadableObjectException {
    if (!image.isTextual()) {
      throw new UnreadableObjectException(at + " is not a string");
    }
    if (!image.textValue().isEmpty()) {
      found.add(new ImageField(at, at, image.textValue()));
    }
  }

  private void walk(JsonNode object, String path, Place place) throws UnreadableObjectException {
    walk(object, List.of(path.split("\\.", -1)), "", place);
  }

  private void walk(JsonNode node, List<String> steps, String at, Place place)
      throws UnreadableObjectException {
    if (node.isMissingNode() || node.isNull()) {
      // Optional fields are left out.
      return;
    }
    if (steps.isEmpty()) {
      visit(node, at, place);
      return;
    }
    var step = requireNonNull(steps.getFirst(), "a step is a name");
    var rest = steps.subList(1, steps.size());
    if (!node.isObject()) {
      throw new UnreadableObjectException("%s is not an object".formatted(at));
    }
    if (step.equals(EVERY)) {
      for (var entry : node.properties()) {
        walk(entry.getValue(), rest, join(at, entry.getKey()), place);
      }
    } else if (step.endsWith(EVERY_ELEMENT)) {
      var name = step.substring(0, step.length() - EVERY_ELEMENT.length());
      walkList(node.path(name), rest, join(at, name), place);
    } else {
      walk(node.path(step), rest, join(at, step), place);
    }
  }

  private void walkList(JsonNode list, List<String> rest, String at, Place place)
      throws UnreadableObjectException {
    if (list.isMissingNode() || list.isNull()) {
      return;
    }
    if (!list.isArray()) {
      throw new UnreadableObjectException("%s is not a list".formatted(at));
    }
    for (int i = 0; i < list.size(); i++) {
      walk(list.get(i), rest, "%s[%d]".formatted(at, i), place);
    }
  }

  private void visit(JsonNode node, String at, Place place) throws UnreadableObjectException {
    places++;
    if (places > MAX_PLACES) {
      throw new UnreadableObjectException(
          "it names images at more than %d places".formatted(MAX_PLACES));
    }
    place.visit(node, at);
  }

  private static String join(String at, String name) {
    return at.isEmpty() ? name : at + "." + name;
  }
}
