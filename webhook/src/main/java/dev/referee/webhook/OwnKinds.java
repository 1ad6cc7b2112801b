package dev.referee.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reviews the objects of our own API. Their schemas let unknown fields pass, so that a misspelt
/// one is not dropped in silence; here its author hears of it.
final class OwnKinds {
  /// What is wrong with an object by itself. Whom it names may come later, in any order.
  private static final Set<String> FATAL =
      Set.of(Problem.INVALID_PATTERN, Problem.INVALID_KEY, Problem.NAMESPACE_SELECTOR);

  private OwnKinds() {}

  static boolean isOwn(AdmissionRequest request) {
    return request.group().equals(ResourceKind.GROUP);
  }

  /// What is wrong with the object, if anything.
  static Optional<String> problem(AdmissionRequest request) {
    var object = request.object();
    if (object == null || !request.subResource().isEmpty()) {
      return Optional.empty();
    }
    try {
      var resource = ResourceReader.read(named(object));
      return PolicyCompiler.compile(List.of(resource), ReferencedValues.NONE).problems().stream()
          .filter(problem -> FATAL.contains(problem.reason()))
          .findFirst()
          .map(Problem::toString);
    } catch (InvalidResourceException e) {
      return Optional.of("%s (%s)".formatted(e.getMessage(), e.reason()));
    }
  }

  /// An object whose name the API server has yet to make up.
  private static ObjectNode named(ObjectNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata
        && !metadata.hasNonNull("name")
        && metadata.hasNonNull("generateName")) {
      var copy = object.deepCopy();
      ((ObjectNode) copy.path("metadata"))
          .put("name", metadata.path("generateName").asText() + "x");
      return copy;
    }
    return object;
  }
}
