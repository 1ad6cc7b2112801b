package dev.referee.operator.audit;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What runs in the cluster, as far as an audit that is open knows: for whoever needs no more than
/// that, and no watch of pods of its own.
public final class RunningImages implements Supplier<Optional<Set<PodImage>>> {
  private volatile @Nullable PodStore pods;

  /// The images that run, each once; empty while no audit is open.
  @Override
  public Optional<Set<PodImage>> get() {
    var known = pods;
    if (known == null) {
      return Optional.empty();
    }
    var images = new HashSet<PodImage>();
    known.running().forEach(pod -> images.addAll(pod.images()));
    return Optional.of(images);
  }

  void know(PodStore store) {
    pods = store;
  }

  /// Unless another audit is open by now.
  void forget(PodStore store) {
    if (pods == store) {
      pods = null;
    }
  }
}
