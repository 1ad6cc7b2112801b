package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps of each pod what an audit needs, and which of them have changed in it since somebody last
/// looked. A whole pod is some ten kilobytes, most of which changes without any meaning here.
final class PodStore implements ItemStore<Pod> {
  private final Map<String, RunningPod> pods = new ConcurrentHashMap<>();
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final Runnable onChange;

  /// @param onChange must return at once
  PodStore(Runnable onChange) {
    this.onChange = requireNonNull(onChange, "onChange is null");
  }

  /// The keys of pods that came, changed or went since the last call.
  Set<String> takeChanged() {
    var taken = new HashSet<String>();
    changed.forEach(
        key -> {
          // A change that happens from here on is noted again.
          if (changed.remove(key)) {
            taken.add(key);
          }
        });
    return taken;
  }

  /// Notes again what could not be dealt with.
  void putBack(Set<String> keys) {
    changed.addAll(keys);
  }

  Optional<RunningPod> find(String key) {
    return Optional.ofNullable(pods.get(key));
  }

  /// Every pod.
  Stream<RunningPod> running() {
    return pods.values().stream();
  }

  @Override
  public String getKey(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  @Override
  public @Nullable Pod put(String key, Pod pod) {
    var now = PodReader.read(pod);
    var before = pods.put(key, now);
    if (!now.equals(before)) {
      note(key);
    }
    return stub(before);
  }

  @Override
  public @Nullable Pod remove(String key) {
    var before = pods.remove(key);
    if (before != null) {
      note(key);
    }
    return stub(before);
  }

  private void note(String key) {
    changed.add(key);
    onChange.run();
  }

  @Override
  public Stream<String> keySet() {
    return pods.keySet().stream();
  }

  @Override
  public Stream<Pod> values() {
    return pods.values().stream().map(PodStore::pod);
  }

  @Override
  public int size() {
    return pods.size();
  }

  @Override
  public @Nullable Pod get(String key) {
    return stub(pods.get(key));
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private static @Nullable Pod stub(@Nullable RunningPod pod) {
    return pod == null ? null : pod(pod);
  }

  /// As much of the pod as the informer needs to tell it from others.
  private static Pod pod(RunningPod pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(pod.namespace())
        .withName(pod.name())
        .withUid(pod.uid())
        .endMetadata()
        .build();
  }
}
