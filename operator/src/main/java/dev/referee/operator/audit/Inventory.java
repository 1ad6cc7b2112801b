package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which workload runs which images. Not safe for use by several threads.
final class Inventory {
  private final Map<String, Placed> pods = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();

  private record Placed(RunningPod pod, Entry entry) {}

  /// One image of a workload, as policies see it.
  ///
  /// @param image what runs
  /// @param labels the labels of pods that run it
  record Use(PodImage image, Map<String, String> labels) {}

  /// A workload and its pods.
  static final class Entry {
    private final Workload workload;
    private final Map<String, RunningPod> pods = new HashMap<>();
    private @Nullable String hash;

    private Entry(Workload workload) {
      this.workload = requireNonNull(workload, "workload is null");
    }

    Workload workload() {
      return workload;
    }

    int size() {
      return pods.size();
    }

    /// What there is to judge, each once however many pods there are, in a stable order.
    List<Use> uses() {
      var uses = new LinkedHashSet<Use>();
      pods.values().stream()
          .sorted(Comparator.comparing(RunningPod::key))
          .forEach(pod -> pod.images().forEach(image -> uses.add(new Use(image, pod.labels()))));
      return List.copyOf(uses);
    }

    /// Changes when there is something else to judge, and not when there is only more of it.
    String hash() {
      if (hash == null) {
        hash =
            Hashes.of(
                uses().stream()
                    .map(use -> use.image() + " " + Hashes.sorted(use.labels()))
                    .sorted());
      }
      return hash;
    }
  }

  /// Takes note of a pod.
  ///
  /// @param owner the workload that it belongs to
  void put(RunningPod pod, Workload owner) {
    var before = pods.get(pod.key());
    if (before != null && before.pod().equals(pod) && before.entry().workload().equals(owner)) {
      return;
    }
    remove(pod.key());
    if (pod.images().isEmpty()) {
      return;
    }
    var entry = entries.computeIfAbsent(owner.uid(), uid -> new Entry(owner));
    entry.pods.put(pod.key(), pod);
    entry.hash = null;
    pods.put(pod.key(), new Placed(pod, entry));
  }

  /// Takes note that a pod is gone.
  ///
  /// @param key `namespace/name`
  void remove(String key) {
    var placed = pods.remove(key);
    if (placed == null) {
      return;
    }
    var entry = placed.entry();
    entry.pods.remove(key);
    entry.hash = null;
    if (entry.pods.isEmpty()) {
      entries.remove(entry.workload().uid());
    }
  }

  /// The workloads that run something now, in no order.
  Collection<Entry> entries() {
    return List.copyOf(entries.values());
  }

  Optional<Entry> entry(String uid) {
    return Optional.ofNullable(entries.get(uid));
  }

  /// How many different images run.
  long images() {
    return entries.values().stream()
        .flatMap(entry -> entry.pods.values().stream())
        .flatMap(pod -> pod.images().stream())
        .distinct()
        .count();
  }

  /// The controllers that pods name.
  Set<String> controllers() {
    var uids = new LinkedHashSet<String>();
    for (var placed : new ArrayList<>(pods.values())) {
      var controller = placed.pod().controller();
      if (controller != null) {
        uids.add(controller.uid());
      }
    }
    return uids;
  }
}
