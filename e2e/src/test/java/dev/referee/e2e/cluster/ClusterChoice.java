package dev.referee.e2e.cluster;

import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.Console;
import java.util.ArrayList;
import java.util.List;

/// Asks the drivers in order and takes the first cluster that is there.
public final class ClusterChoice {
  private ClusterChoice() {}

  /// The first cluster, or every driver's reason for having none; either way in one line on the
  /// console.
  ///
  /// @throws ClusterException from a driver: a cluster that is broken is not passed over, because
  ///   the tests would then prove something about another one
  public static Offer choose(List<ClusterDriver> drivers, Console console) {
    var reasons = new ArrayList<String>();
    for (var driver : drivers) {
      var offer = driver.offer();
      reasons.add(offer.reason());
      if (offer instanceof Available(Cluster cluster, String _)) {
        console.say("using %s: %s".formatted(cluster.description(), String.join("; ", reasons)));
        return offer;
      }
    }
    var reason = String.join("; ", reasons);
    console.say("SKIPPING every test that needs a cluster, there is none: " + reason);
    return new Unavailable(reason);
  }
}
