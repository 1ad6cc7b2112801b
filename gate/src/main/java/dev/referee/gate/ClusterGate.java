package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClientConfig;
import dev.referee.client.StatusClient;
import dev.referee.gate.registries.ConfiguredRegistries;
import dev.referee.gate.registries.MeteredSources;
import dev.referee.gate.revocation.RememberedRevocation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A [Gate] of a cluster: policies, namespaces and registries as its API server has them, and what
/// was proven before.
public final class ClusterGate implements AutoCloseable {
  private final ClusterPolicies policies;
  private final ClusterNamespaces namespaces;
  private final ConfiguredRegistries registries;
  private final StatusClient statuses;
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Gate gate;

  private ClusterGate(
      ClusterPolicies policies,
      ClusterNamespaces namespaces,
      ConfiguredRegistries registries,
      StatusClient statuses,
      MeterRegistry meters,
      InstantSource clock) {
    this.policies = requireNonNull(policies, "policies is null");
    this.namespaces = requireNonNull(namespaces, "namespaces is null");
    this.registries = requireNonNull(registries, "registries is null");
    this.statuses = requireNonNull(statuses, "statuses is null");
    this.gate =
        new Gate(
            policies,
            namespaces,
            new MeteredSources(registries, meters),
            new RememberedRevocation(statuses, System::nanoTime),
            new RememberedProofs(ProofTimes.DEFAULT, System::nanoTime, background, meters),
            clock);
  }

  /// Begins to watch and returns at once; the gate becomes ready by itself.
  ///
  /// @param client not closed with the gate
  /// @param ownNamespace where Referee runs
  /// @param vertx carries the traffic with registries; not closed with the gate
  /// @param base how registries are reached of which no object says otherwise
  public static ClusterGate open(
      KubernetesClient client,
      String ownNamespace,
      Vertx vertx,
      RegistryClientConfig base,
      MeterRegistry meters,
      InstantSource clock) {
    var policies = ClusterPolicies.watch(client, ownNamespace);
    return new ClusterGate(
        policies,
        ClusterNamespaces.watch(client),
        new ConfiguredRegistries(vertx, base, policies::registries),
        new StatusClient(vertx, base),
        meters,
        clock);
  }

  public Gate gate() {
    return gate;
  }

  public ClusterPolicies policies() {
    return policies;
  }

  public NamespaceLabels namespaces() {
    return namespaces;
  }

  @Override
  public void close() {
    background.shutdownNow();
    policies.close();
    namespaces.close();
    registries.close();
    statuses.close();
  }
}
