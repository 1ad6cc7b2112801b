package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.UUID;

/// A namespace of one test, in which pods can be created at once. Its name is unique, because the
/// cluster may be shared; closing it asks for its removal and does not wait for it.
public final class TemporaryNamespace implements AutoCloseable {
  private final KubernetesClient client;
  private final String name;

  private TemporaryNamespace(KubernetesClient client, String name) {
    this.client = requireNonNull(client, "client is null");
    this.name = requireNonNull(name, "name is null");
  }

  /// A new namespace with the given labels.
  public static TemporaryNamespace in(Cluster cluster, Map<String, String> labels) {
    var name = uniqueName();
    var namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .build();
    cluster.client().resource(namespace).create();
    var temporary = new TemporaryNamespace(cluster.client(), name);
    temporary.createServiceAccount();
    return temporary;
  }

  /// A name that no other test has, for what lives in no namespace.
  public static String uniqueName() {
    return "e2e-" + UUID.randomUUID().toString().substring(0, 8);
  }

  public String name() {
    return name;
  }

  /// A controller makes it soon; whoever makes it first need not wait for a controller, or have
  /// one.
  private void createServiceAccount() {
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withNamespace(name)
            .withName("default")
            .endMetadata()
            .build();
    try {
      client.resource(account).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        close();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    client.namespaces().withName(name).delete();
  }
}
