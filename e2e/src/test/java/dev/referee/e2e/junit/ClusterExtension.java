package dev.referee.e2e.junit;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.ClusterDriver;
import dev.referee.e2e.cluster.ExistingCluster;
import dev.referee.e2e.cluster.K3sInContainer;
import dev.referee.e2e.cluster.LocalControlPlane;
import dev.referee.e2e.cluster.Offer;
import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.ModuleFolder;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/// Hands the cluster of this run to test classes. The first class that needs it chooses it; the end
/// of the run closes it.
public final class ClusterExtension implements BeforeAllCallback, ParameterResolver {
  /// The report entry under which the summary line learns what the tests ran on.
  static final String REPORT_KEY = "referee.e2e.cluster";

  private static final Namespace NAMESPACE = Namespace.create(ClusterExtension.class);

  private final List<ClusterDriver> drivers;
  private final Console console;

  public ClusterExtension() {
    this(drivers(), Console.standard());
  }

  ClusterExtension(List<ClusterDriver> drivers, Console console) {
    this.drivers = List.copyOf(drivers);
    this.console = requireNonNull(console, "console is null");
  }

  /// What is asked, and in which order.
  private static List<ClusterDriver> drivers() {
    var environment = System.getenv();
    var builds = GoBuilds.standard();
    var logs = ModuleFolder.path().resolve("target/control-plane");
    return List.of(
        new ExistingCluster(environment, builds),
        // Nearer to production than what follows, not asked for by name like what precedes.
        new K3sInContainer(environment, builds),
        new LocalControlPlane(environment, builds, logs));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    switch (offer(context)) {
      case Available(Cluster cluster, String _) ->
          context.publishReportEntry(REPORT_KEY, cluster.description());
      case Unavailable(String reason) ->
          throw new TestAbortedException("there is no cluster: " + reason);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return switch (offer(context)) {
      case Available(Cluster cluster, String _) -> cluster;
      case Unavailable(String reason) -> throw new IllegalStateException(reason);
    };
  }

  private Offer offer(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            SharedCluster.class, _ -> new SharedCluster(drivers, console), SharedCluster.class)
        .offer();
  }
}
