package dev.referee.e2e.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RemoteRepository;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.server.ListenAddress;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.SigningKey;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// Images in a registry, and workloads that run them as far as the API server knows: there is no
/// node, so their statuses are written as a kubelet would.
final class Shop implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final String namespace;
  private final SigningKey key = SigningKey.p256();
  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  private final Registry registry;

  private Shop(Cluster cluster, String namespace, Registry registry) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.namespace = requireNonNull(namespace, "namespace is null");
    this.registry = requireNonNull(registry, "registry is null");
  }

  static Shop open(Cluster cluster, String namespace, Path store) throws IOException {
    var listen = ListenAddress.parse("127.0.0.1:0");
    return new Shop(cluster, namespace, Registry.start(RegistryConfig.of(store, listen).build()));
  }

  /// The key that signs.
  SigningKey key() {
    return key;
  }

  /// `HOST:PORT`.
  String host() {
    return registry.uri().getAuthority();
  }

  Vertx vertx() {
    return vertx;
  }

  /// Pushes an image and signs it.
  Descriptor pushSigned(String name) throws SourceException {
    var image = push(name);
    new CosignSigner(key).sign(open(name), image);
    return image;
  }

  Descriptor push(String name) throws SourceException {
    return Artifacts.image(open(name), name, "v1");
  }

  private RemoteRepository open(String name) {
    return client.open(new Repository(host(), "shop/" + name), Deadline.in(PATIENCE));
  }

  /// The image as a pod names it.
  String image(String name) {
    return "%s/shop/%s:v1".formatted(host(), name);
  }

  /// Makes a Deployment, and its pod look as if it ran.
  ///
  /// @return the uid of the Deployment
  String deploy(String name, Descriptor running) {
    return deploy(name, image(name), "%s/shop/%s@%s".formatted(host(), name, running.digest()));
  }

  /// The same of an image that is called anything.
  String deploy(String name, String image) {
    return deploy(name, image, "docker://sha256:" + "0".repeat(64));
  }

  private String deploy(String name, String image, String imageId) {
    cluster
        .kubectl()
        .reading(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: "%1$s"}
            spec:
              selector: {matchLabels: {app: "%1$s"}}
              template:
                metadata: {labels: {app: "%1$s"}}
                spec:
                  # Where there are nodes, none of them is to take it.
                  schedulerName: nobody
                  containers: [{name: main, image: '%2$s'}]
            """
                .formatted(name, image.replace("'", "''")))
        .succeed("-n", namespace, "create", "-f", "-");
    var pod =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () -> kubectl("get", "pods", "-l", "app=" + name, "-o", "name"),
                found -> found.startsWith("pod/"));
    status(pod, imageId);
    return kubectl("get", "deployment", name, "-o", "jsonpath={.metadata.uid}");
  }

  /// Writes what a kubelet writes.
  private void status(String pod, String imageId) {
    kubectl(
        "patch",
        pod,
        "--subresource=status",
        "--type=merge",
        "--patch",
        """
        {"status": {"phase": "Running", "containerStatuses": [{
          "name": "main", "ready": true, "restartCount": 0, "image": "-", "imageID": "%s",
          "state": {"running": {"startedAt": "2026-11-27T12:00:00Z"}}}]}}
        """
            .formatted(imageId));
  }

  /// Runs kubectl in the namespace.
  String kubectl(String... arguments) {
    var all = new ArrayList<>(List.of("-n", namespace));
    all.addAll(List.of(arguments));
    return cluster.kubectl().succeed(all.toArray(String[]::new)).text();
  }

  @Override
  public void close() {
    registry.close();
    client.close();
    vertx.close().await();
  }
}
