package dev.referee.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;

/// Asks an API server that may not answer. The usual client tries ten times with growing pauses,
/// which would hide that nothing is there.
final class ApiProbe implements AutoCloseable {
  private static final int ANSWER_MILLIS = 10_000;

  private final Path kubeconfig;
  private final KubernetesClient client;

  ApiProbe(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
    var config =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
            .withRequestRetryBackoffLimit(0)
            .withConnectionTimeout(ANSWER_MILLIS)
            .withRequestTimeout(ANSWER_MILLIS)
            .build();
    this.client = new KubernetesClientBuilder().withConfig(config).build();
  }

  boolean isReady() {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException _) {
      return false;
    }
  }

  /// Whether the controllers are at work: a namespace has what every pod in it needs.
  boolean hasServiceAccount() {
    try {
      return client.serviceAccounts().inNamespace("default").withName("default").get() != null;
    } catch (KubernetesClientException _) {
      return false;
    }
  }

  /// The version of the API server.
  ///
  /// @throws ClusterException when it does not answer
  String version() {
    try {
      return client.getKubernetesVersion().getGitVersion();
    } catch (KubernetesClientException e) {
      throw new ClusterException(
          "the cluster of kubeconfig %s does not answer: %s".formatted(kubeconfig, innermost(e)),
          e);
    }
  }

  /// The client wraps what happened in what it was doing.
  private static String innermost(Throwable e) {
    return e.getCause() == null ? e.toString() : innermost(e.getCause());
  }

  @Override
  public void close() {
    client.close();
  }
}
