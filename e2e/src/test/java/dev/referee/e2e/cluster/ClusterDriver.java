package dev.referee.e2e.cluster;

/// One way to come by a cluster.
@FunctionalInterface
public interface ClusterDriver {
  /// A cluster, or the reason why there is none this way.
  ///
  /// @throws ClusterException when it should have been there but is broken
  Offer offer();
}
