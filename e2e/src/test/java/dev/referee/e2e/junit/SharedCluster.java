package dev.referee.e2e.junit;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.ClusterChoice;
import dev.referee.e2e.cluster.ClusterDriver;
import dev.referee.e2e.cluster.ClusterException;
import dev.referee.e2e.cluster.Offer;
import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.tools.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The choice of this run, made once: what failed for one class is not tried again for the next.
final class SharedCluster implements AutoCloseable {
  private final List<ClusterDriver> drivers;
  private final Console console;
  private @Nullable Offer offer;
  private @Nullable RuntimeException failure;

  SharedCluster(List<ClusterDriver> drivers, Console console) {
    this.drivers = List.copyOf(drivers);
    this.console = requireNonNull(console, "console is null");
  }

  synchronized Offer offer() {
    if (failure != null) {
      throw new ClusterException(
          "there is no cluster, see the first test class that needed it", failure);
    }
    if (offer == null) {
      try {
        offer = ClusterChoice.choose(drivers, console);
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
    return offer;
  }

  @Override
  public synchronized void close() {
    if (offer instanceof Available(Cluster cluster, String _)) {
      cluster.close();
    }
  }
}
