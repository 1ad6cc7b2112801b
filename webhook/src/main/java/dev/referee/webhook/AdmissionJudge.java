package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.gate.Gate;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.verify.Parallel;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers admission requests: finds the images, has each judged once, and says what follows.
final class AdmissionJudge {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionJudge.class);

  /// The API server passes messages on to terminals and stores them in events.
  private static final int MAX_MESSAGE_CHARS = 8_000;

  private static final int MAX_WARNINGS = 10;

  /// The API server may cut longer ones itself.
  private static final int MAX_WARNING_CHARS = 250;

  private final Gate gate;

  AdmissionJudge(Gate gate) {
    this.gate = requireNonNull(gate, "gate is null");
  }

  /// Answers, also when it cannot decide: then it denies and says why.
  AdmissionResponse judge(AdmissionRequest request, Deadline deadline) {
    try {
      return switch (request.operation()) {
        case CREATE, UPDATE -> review(request, deadline);
        // Nothing begins to run by these.
        case DELETE, CONNECT -> AdmissionResponse.allow(request.uid(), List.of());
      };
    } catch (UnreadableObjectException e) {
      return deny(request, "%s is not allowed: %s".formatted(request.describe(), e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error(
          "review {} of {} failed over an error of ours", request.uid(), request.describe(), e);
      return deny(
          request, "%s is not allowed: INTERNAL_ERROR: %s".formatted(request.describe(), e));
    }
  }

  private AdmissionResponse review(AdmissionRequest request, Deadline deadline)
      throws UnreadableObjectException {
    if (OwnKinds.isOwn(request)) {
      return OwnKinds.problem(request)
          .map(problem -> deny(request, problem))
          .orElseGet(() -> AdmissionResponse.allow(request.uid(), List.of()));
    }
    var images = ObjectImages.brought(request);
    if (images.isEmpty()) {
      return AdmissionResponse.allow(request.uid(), List.of());
    }
    if (!gate.isReady()) {
      return deny(request, "Referee does not know the policies yet; try again in a moment");
    }
    var denials = new ArrayList<String>();
    var warnings = new ArrayList<String>();
    var references = references(images, denials);
    for (var judged : judge(request, references, deadline)) {
      if (judged.decision().admits()) {
        warnings.addAll(DecisionText.warnings(judged.decision()));
      } else {
        denials.add(denial(judged, references.size() > 1));
      }
    }
    LOG.info(
        "review {}: {}, {} images: {}",
        request.uid(),
        request.describe(),
        images.size(),
        denials.isEmpty() ? "allowed" : "denied");
    return denials.isEmpty()
        ? AdmissionResponse.allow(request.uid(), brief(warnings))
        : deny(request, String.join("\n", denials));
  }

  /// An image and the first place that names it.
  private record Judged(String path, Decision decision) {}

  /// The images by reference, each once; one that is no reference is a denial.
  private static Map<Reference, String> references(List<ImageField> images, List<String> denials) {
    var references = new LinkedHashMap<Reference, String>();
    for (var image : images) {
      try {
        references.putIfAbsent(Reference.parse(image.image()), image.path());
      } catch (MalformedContentException e) {
        denials.add("%s is not allowed: %s".formatted(image.path(), e.getMessage()));
      }
    }
    return references;
  }

  private List<Judged> judge(
      AdmissionRequest request, Map<Reference, String> references, Deadline deadline) {
    if (references.isEmpty()) {
      return List.of();
    }
    var namespace = request.namespace().isEmpty() ? null : request.namespace();
    var labels = labels(request);
    return Parallel.map(
        List.copyOf(references.entrySet()),
        image ->
            new Judged(image.getValue(), gate.decide(image.getKey(), namespace, labels, deadline)));
  }

  private static Map<String, String> labels(AdmissionRequest request) {
    var labels = new HashMap<String, String>();
    JsonNode object = requireNonNull(request.object(), "a request with images has an object");
    for (var label : object.path("metadata").path("labels").properties()) {
      labels.put(label.getKey(), label.getValue().asText());
    }
    return labels;
  }

  private static String denial(Judged judged, boolean oneOfSeveral) {
    var text = DecisionText.denial(judged.decision());
    return oneOfSeveral ? "%s: %s".formatted(judged.path(), text) : text;
  }

  private static AdmissionResponse deny(AdmissionRequest request, String message) {
    var cut =
        message.length() <= MAX_MESSAGE_CHARS
            ? message
            : message.substring(0, MAX_MESSAGE_CHARS) + "...";
    return AdmissionResponse.deny(request.uid(), cut, List.of());
  }

  private static List<String> brief(List<String> warnings) {
    return warnings.stream()
        .limit(MAX_WARNINGS)
        .map(w -> w.length() <= MAX_WARNING_CHARS ? w : w.substring(0, MAX_WARNING_CHARS) + "...")
        .toList();
  }
}
