package dev.referee.e2e.production;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Several users who create pods through the API server all the time, in turn one that must be
/// allowed and one that must be refused for its signature. Nothing is stored, and nothing is tried
/// again.
final class ReviewLoad implements AutoCloseable {
  private static final int USERS = 4;

  private final KubernetesClient client;
  private final String namespace;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> users = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger allowed = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /// Starts at once.
  ///
  /// @param signed a manifest of a pod that must be allowed
  /// @param unsigned a manifest of a pod that must be refused with `UNSIGNED`
  ReviewLoad(Cluster cluster, String namespace, String signed, String unsigned) {
    this.namespace = requireNonNull(namespace, "namespace is null");
    // The usual client says a request again that failed, which would hide what is looked for.
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    var good = client.getKubernetesSerialization().unmarshal(signed, Pod.class);
    var bad = client.getKubernetesSerialization().unmarshal(unsigned, Pod.class);
    for (int i = 0; i < USERS; i++) {
      users.add(threads.submit(() -> create(good, bad)));
    }
  }

  private void create(Pod good, Pod bad) {
    while (!stopped.get()) {
      client.pods().inNamespace(namespace).resource(good).dryRun().create();
      allowed.incrementAndGet();
      expectRefusal(bad);
      refused.incrementAndGet();
    }
  }

  private void expectRefusal(Pod bad) {
    try {
      client.pods().inNamespace(namespace).resource(bad).dryRun().create();
    } catch (KubernetesClientException e) {
      if (String.valueOf(e.getMessage()).contains("UNSIGNED")) {
        return;
      }
      throw e;
    }
    throw new AssertionError("an unsigned image was let in");
  }

  /// How many reviews were answered, each as it must be.
  int answered() {
    return allowed.get() + refused.get();
  }

  /// Whether no user has met anything else.
  boolean holds() {
    return users.stream().noneMatch(Future::isDone);
  }

  /// Ends it.
  ///
  /// @throws ExecutionException with the first answer that was not as it must be
  void stop() throws ExecutionException, InterruptedException {
    stopped.set(true);
    for (var user : users) {
      user.get();
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    threads.close();
    client.close();
  }
}
