package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.Gate;
import dev.referee.gate.ScaleTargets;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.verify.Parallel;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import java.util.ArrayList;
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
  private final ScaleTargets targets;
  private final AdmissionMeters meters;

  AdmissionJudge(Gate gate, ScaleTargets targets, AdmissionMeters meters) {
    this.gate = requireNonNull(gate, "gate is null");
    this.targets = requireNonNull(targets, "targets is null");
    this.meters = requireNonNull(meters, "meters is null");
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
    if (Scale.isOne(request)) {
      return Scale.growsAnything(request)
          ? reviewImages(Scale.ofTarget(request, targets), deadline)
          : AdmissionResponse.allow(request.uid(), List.of());
    }
    return reviewImages(request, deadline);
  }

  private AdmissionResponse reviewImages(AdmissionRequest request, Deadline deadline)
      throws UnreadableObjectException {
    var images = new ObjectImages(gate.configuration()).brought(request);
    if (images.isEmpty()) {
      return AdmissionResponse.allow(request.uid(), List.of());
    }
    if (!gate.isReady()) {
      return deny(request, "Referee does not know the policies yet; try again in a moment");
    }
    var denials = new ArrayList<String>();
    var warnings = new ArrayList<String>();
    var references = references(images, denials);
    var decisions = judge(request, references, deadline);
    for (var judged : decisions) {
      meters.decided(judged.decision());
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
    var answer =
        denials.isEmpty()
            ? AdmissionResponse.allow(request.uid(), brief(warnings))
            : deny(request, String.join("\n", denials));
    return answer.audited(audit(decisions));
  }

  /// What the API server's audit log keeps: which artifact each image was judged as, and how.
  private static Map<String, String> audit(List<Judged> decisions) {
    var text = new StringBuilder();
    for (var judged : decisions) {
      var findings = judged.decision().findings();
      text.append(judged.path())
          .append(' ')
          .append(findings.image())
          .append(' ')
          .append(findings.digest() == null ? "-" : findings.digest())
          .append(' ')
          .append(judged.decision().admits() ? "allowed" : "denied")
          .append('\n');
    }
    return text.isEmpty() ? Map.of() : Map.of("images", cut(text.toString().strip()));
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
    var labels = request.objectLabels();
    return Parallel.map(
        List.copyOf(references.entrySet()),
        image ->
            new Judged(image.getValue(), gate.decide(image.getKey(), namespace, labels, deadline)));
  }

  private static String denial(Judged judged, boolean oneOfSeveral) {
    var text = DecisionText.denial(judged.decision());
    return oneOfSeveral ? "%s: %s".formatted(judged.path(), text) : text;
  }

  private static AdmissionResponse deny(AdmissionRequest request, String message) {
    return AdmissionResponse.deny(request.uid(), cut(message), List.of());
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARS) + "...";
  }

  private static List<String> brief(List<String> warnings) {
    return warnings.stream()
        .limit(MAX_WARNINGS)
        .map(w -> w.length() <= MAX_WARNING_CHARS ? w : w.substring(0, MAX_WARNING_CHARS) + "...")
        .toList();
  }
}
