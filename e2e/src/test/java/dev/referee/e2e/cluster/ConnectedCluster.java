package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.TemporaryFolder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// A cluster that answered under its kubeconfig. What came before, and what has to be stopped
/// afterwards, is the business of the driver that made it.
final class ConnectedCluster implements Cluster {
  private final String description;
  private final Path kubeconfig;
  private final KubernetesClient client;
  private final CallbackAddress callbackAddress;
  private final Supplier<Path> kubectl;
  private final TemporaryFolder discoveryCache = TemporaryFolder.create("referee-e2e-kubectl");
  private final Runnable stop;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ConnectedCluster(
      String description,
      Path kubeconfig,
      KubernetesClient client,
      CallbackAddress callbackAddress,
      Supplier<Path> kubectl,
      Runnable stop) {
    this.description = requireNonNull(description, "description is null");
    this.kubeconfig = requireNonNull(kubeconfig, "kubeconfig is null");
    this.client = requireNonNull(client, "client is null");
    this.callbackAddress = requireNonNull(callbackAddress, "callbackAddress is null");
    this.kubectl = requireNonNull(kubectl, "kubectl is null");
    this.stop = requireNonNull(stop, "stop is null");
  }

  /// Connects to the cluster that the kubeconfig names.
  ///
  /// @param kind what sort of cluster it is, with its article
  /// @param kubectl finds or builds kubectl when it is first needed
  /// @param stop stops what the driver started; not called when this fails
  /// @throws ClusterException when it does not answer
  static ConnectedCluster to(String kind, Path kubeconfig, Supplier<Path> kubectl, Runnable stop) {
    return to(kind, kubeconfig, kubectl, stop, System.getenv());
  }

  /// The same, where the driver knows the way back.
  ///
  /// @param environment where `REFEREE_E2E_HOST` is looked up
  static ConnectedCluster to(
      String kind,
      Path kubeconfig,
      Supplier<Path> kubectl,
      Runnable stop,
      Map<String, String> environment) {
    var version = version(kubeconfig);
    var client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
    try {
      var apiServer = URI.create(client.getMasterUrl().toString());
      return new ConnectedCluster(
          "%s (Kubernetes %s)".formatted(kind, version),
          kubeconfig,
          client,
          CallbackAddress.towards(apiServer, environment),
          kubectl,
          stop);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static String version(Path kubeconfig) {
    try (var probe = new ApiProbe(kubeconfig)) {
      return probe.version();
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  /// A kubeconfig may name a program that fetches credentials, so kubectl sees the environment.
  @Override
  public Program kubectl() {
    return Program.inheriting(kubectl.get())
        .with("KUBECONFIG", kubeconfig.toString())
        .with("KUBECACHEDIR", discoveryCache.path().toString());
  }

  @Override
  public CallbackAddress callbackAddress() {
    return callbackAddress;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      client.close();
      discoveryCache.close();
      stop.run();
    }
  }
}
