package dev.referee.operator.audit;

import dev.referee.operator.audit.RunningPod.Controller;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads of a pod what an audit needs.
final class PodReader {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final Map<String, String> imageIds = new HashMap<>();
  private final Set<PodImage> images = new LinkedHashSet<>();

  private PodReader() {}

  static RunningPod read(Pod pod) {
    var metadata = pod.getMetadata();
    return new RunningPod(
        metadata.getNamespace(),
        metadata.getName(),
        Optional.ofNullable(metadata.getUid()).orElse(""),
        Optional.ofNullable(metadata.getLabels()).orElse(Map.of()),
        controller(metadata).orElse(null),
        new PodReader().images(pod));
  }

  /// What controls an object. A node is no workload: it runs what lies on its disk.
  static Optional<Controller> controller(ObjectMeta metadata) {
    return metadata.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> !owner.getKind().equals("Node"))
        .map(
            owner ->
                new Controller(
                    owner.getApiVersion(), owner.getKind(), owner.getName(), owner.getUid()))
        .findFirst();
  }

  private List<PodImage> images(Pod pod) {
    var spec = pod.getSpec();
    var status = pod.getStatus();
    if (spec == null || status == null || ENDED.contains(String.valueOf(status.getPhase()))) {
      return List.of();
    }
    readStatus(status);
    if (imageIds.isEmpty()) {
      // Nothing of it was ever started.
      return List.of();
    }
    readSpec(spec);
    return List.copyOf(images);
  }

  private void readStatus(PodStatus status) {
    readIds(status.getInitContainerStatuses());
    readIds(status.getContainerStatuses());
    readIds(status.getEphemeralContainerStatuses());
  }

  /// Names are unique among all containers of a pod.
  private void readIds(List<ContainerStatus> statuses) {
    for (var status : statuses) {
      var id = status.getImageID();
      if (id != null && !id.isEmpty()) {
        imageIds.put(status.getName(), id);
      }
    }
  }

  private void readSpec(PodSpec spec) {
    for (Container container : spec.getInitContainers()) {
      add(container.getImage(), imageIds.get(container.getName()));
    }
    for (Container container : spec.getContainers()) {
      add(container.getImage(), imageIds.get(container.getName()));
    }
    for (EphemeralContainer container : spec.getEphemeralContainers()) {
      add(container.getImage(), imageIds.get(container.getName()));
    }
    for (Volume volume : spec.getVolumes()) {
      if (volume.getImage() != null) {
        // What was mounted, no status says.
        addMounted(volume.getImage().getReference());
      }
    }
  }

  private void add(@Nullable String image, @Nullable String imageId) {
    // Without an id it does not run yet, and may never.
    if (image != null && !image.isEmpty() && imageId != null) {
      images.add(new PodImage(image, PodImage.runningDigest(imageId)));
    }
  }

  private void addMounted(@Nullable String image) {
    if (image != null && !image.isEmpty()) {
      images.add(new PodImage(image, null));
    }
  }
}
