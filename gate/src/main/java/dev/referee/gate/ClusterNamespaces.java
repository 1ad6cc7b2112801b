package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The labels of namespaces, watched; one that was created a moment ago is asked for.
public final class ClusterNamespaces implements NamespaceLabels, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNamespaces.class);

  private final KubernetesClient client;
  private final SharedIndexInformer<Namespace> informer;

  private ClusterNamespaces(KubernetesClient client, SharedIndexInformer<Namespace> informer) {
    this.client = requireNonNull(client, "client is null");
    this.informer = requireNonNull(informer, "informer is null");
  }

  /// Begins to watch and returns at once.
  public static ClusterNamespaces watch(KubernetesClient client) {
    var informer = client.namespaces().runnableInformer(0);
    Informers.start(informer, "namespaces");
    return new ClusterNamespaces(client, informer);
  }

  @Override
  public Optional<Map<String, String>> labels(String namespace) {
    var watched = informer.getStore().getByKey(namespace);
    return watched != null ? labelsOf(watched) : ask(namespace);
  }

  private Optional<Map<String, String>> ask(String name) {
    try {
      return labelsOf(client.namespaces().withName(name).get());
    } catch (KubernetesClientException e) {
      LOG.warn("the labels of namespace {} cannot be read: {}", name, e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Map<String, String>> labelsOf(@Nullable Namespace namespace) {
    return Optional.ofNullable(namespace)
        .map(found -> Optional.ofNullable(found.getMetadata().getLabels()).orElse(Map.of()));
  }

  @Override
  public void close() {
    informer.stop();
  }
}
