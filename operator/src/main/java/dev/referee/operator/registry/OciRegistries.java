package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.time.Duration;

/// Runs the bundled registries of a cluster, one for each OciRegistry.
///
/// It elects no leader: of several operators one must run it, as the caller sees to. Two at once
/// would write the same, but for certificates.
public final class OciRegistries implements AutoCloseable {
  /// A cluster has a handful of registries; each reconciliation waits for the API server.
  private static final int THREADS = 4;

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final Operator operator;

  private OciRegistries(Operator operator) {
    this.operator = requireNonNull(operator, "operator is null");
  }

  /// Starts to watch. The CRD must be there.
  ///
  /// @param client stays open when this is closed
  /// @param clock decides about certificates and dates conditions
  public static OciRegistries start(
      KubernetesClient client, OciRegistriesConfig config, Clock clock) {
    var operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withConcurrentReconciliationThreads(THREADS)
                    .withReconciliationTerminationTimeout(STOP_PATIENCE));
    var _ =
        operator.register(
            new OciRegistryReconciler(client, config, clock),
            controller -> controller.withName("oci-registry").withFieldManager("referee-operator"));
    operator.start();
    return new OciRegistries(operator);
  }

  /// Whether it sees what happens: for the readiness of the process.
  public boolean isHealthy() {
    return operator.getRuntimeInfo().isStarted()
        && operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  @Override
  public void close() {
    operator.stop();
  }
}
