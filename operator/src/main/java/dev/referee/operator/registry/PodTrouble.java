package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What keeps a pod from serving, in the words of the scheduler or the kubelet.
///
/// @param reason in the spelling of condition reasons, such as `ImagePullBackOff`
/// @param message a sentence for people
record PodTrouble(String reason, String message) {
  PodTrouble {
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }

  /// The first trouble among the pods; empty, they are only on their way.
  static Optional<PodTrouble> of(List<Pod> pods) {
    return pods.stream()
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .flatMap(pod -> Stream.concat(unscheduled(pod), waiting(pod)))
        .findFirst();
  }

  private static Stream<PodTrouble> unscheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(
            condition ->
                condition.getType().equals("PodScheduled") && condition.getStatus().equals("False"))
        .map(
            condition ->
                new PodTrouble(
                    RegistryReason.UNSCHEDULABLE.toString(),
                    "pod %s finds no node: %s"
                        .formatted(
                            pod.getMetadata().getName(),
                            Objects.requireNonNullElse(condition.getMessage(), "nothing said"))));
  }

  private static Stream<PodTrouble> waiting(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(container -> container.getState() != null)
        .flatMap(container -> waiting(pod, container).stream());
  }

  /// `ContainerCreating` is no trouble but the way of all pods.
  private static Optional<PodTrouble> waiting(Pod pod, ContainerStatus container) {
    var waiting = container.getState().getWaiting();
    if (waiting == null
        || waiting.getReason() == null
        || waiting.getReason().equals("ContainerCreating")) {
      return Optional.empty();
    }
    var message = Objects.requireNonNullElse(waiting.getMessage(), "nothing said");
    return Optional.of(
        new PodTrouble(
            waiting.getReason(),
            "pod %s: %s%s".formatted(pod.getMetadata().getName(), message, ended(container))));
  }

  /// How it ended before, for one that is started again and again.
  private static String ended(ContainerStatus container) {
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    return last == null
        ? ""
        : "; it last ended with exit code %d, its log says why".formatted(last.getExitCode());
  }
}
