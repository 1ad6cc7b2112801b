package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

/// What a driver has to offer.
public sealed interface Offer {
  /// Why: a clause that stands in the log line about the choice.
  String reason();

  /// A cluster that runs.
  record Available(Cluster cluster, String reason) implements Offer {
    public Available {
      requireNonNull(cluster, "cluster is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /// Nothing here; the next driver is asked.
  record Unavailable(String reason) implements Offer {
    public Unavailable {
      requireNonNull(reason, "reason is null");
    }
  }
}
