package dev.referee.e2e.registries;

import static dev.referee.e2e.registries.RegistryUser.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/// Registries that run in pods of a cluster with a node, and images from them in other pods: the
/// operator, a namespace, somebody who may push, and what the node was told.
final class NodeRegistries implements AutoCloseable {
  /// The service account that pushes.
  static final String BUILDER = "builder";

  /// Names the registries that the node was told of, to be forgotten at the end.
  private final List<String> told = new ArrayList<>();

  private final Cluster cluster;
  private final Clients clients;
  private final NodeFiles node;
  private final RunningOperator operator;
  private final TemporaryNamespace namespace;
  private final RegistryUser user;

  private NodeRegistries(Cluster cluster, Clients clients, NodeFiles node) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.clients = requireNonNull(clients, "clients is null");
    this.node = requireNonNull(node, "node is null");
    operator = RunningOperator.start(cluster, node.image());
    // Nothing that is not within the restricted profile gets a pod here.
    namespace =
        TemporaryNamespace.in(cluster, Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    operator.grantSecrets(namespace.name());
    user = new RegistryUser(cluster, namespace);
    user.kubectl().succeed("-n", namespace.name(), "create", "serviceaccount", BUILDER);
  }

  /// Starts the operator.
  ///
  /// @throws org.opentest4j.TestAbortedException where this cluster has no node with Referee's
  ///   image
  static NodeRegistries start(Cluster cluster, Clients clients) throws IOException {
    var started = new NodeRegistries(cluster, clients, NodeFiles.of(cluster, System.getenv()));
    Files.write(clients.home().resolve("layer.tar"), TinyImage.layer());
    return started;
  }

  RegistryUser user() {
    return user;
  }

  @Override
  public void close() {
    try {
      for (var registry : told) {
        node.forget(registry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      namespace.close();
      operator.close();
    }
  }

  /// The endpoint of a registry that serves.
  String ready(String name, int replicas) {
    user.awaitReason(name, "Ready");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> user.status(name).path("readyReplicas").asInt() == replicas);
    var status = user.status(name);
    assertThat(status.path("conditions"))
        .anySatisfy(
            condition -> {
              assertThat(condition.path("type").asText()).isEqualTo("Answering");
              assertThat(condition.path("status").asText())
                  .as(condition.toString())
                  .isEqualTo("True");
            });
    return status.path("endpoint").asText();
  }

  /// Runs what an administrator runs on each node.
  ///
  /// @return the content of `hosts.toml`
  String tellTheNode(String name) {
    var run =
        RefereeProcess.run(
            clients.home(),
            cluster.kubeconfig(),
            "registry",
            "hosts",
            namespace.name() + "/" + name,
            "--write",
            node.registries().toString());
    var endpoint = user.status(name).path("endpoint").asText();
    told.add(endpoint);
    assertThat(run.orFail().text()).contains(endpoint + "/hosts.toml", endpoint + "/ca.crt");
    try {
      return Files.readString(node.registries().resolve(endpoint).resolve("hosts.toml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String token(String endpoint) {
    return user.kubectl()
        .succeed("-n", namespace.name(), "create", "token", BUILDER, "--audience=" + endpoint)
        .text();
  }

  /// From outside of the pods the registry is reached at its Service's address.
  String address(String name) {
    return user.client()
            .services()
            .inNamespace(namespace.name())
            .withName(name)
            .get()
            .getSpec()
            .getClusterIP()
        + ":5000";
  }

  /// Pushes an image whose program ends with [TinyImage#EXIT_CODE].
  void push(String name, String token, String image) {
    push(name, token, image, "test=" + image);
  }

  /// @param label so that it is like no other
  void push(String name, String token, String image, String label) {
    var crane = crane(name, token);
    crane.succeed(appending(name, image));
    crane.succeed(
        "mutate",
        "--entrypoint=/" + TinyImage.PROGRAM,
        "--set-platform=linux/amd64",
        "--label",
        label,
        "-t",
        address(name) + "/" + image,
        address(name) + "/" + image);
  }

  String[] appending(String name, String image) {
    return new String[] {
      "append", "--oci-empty-base", "-f", "layer.tar", "-t", address(name) + "/" + image
    };
  }

  /// crane with the registry's authority and somebody's token.
  Program crane(String name, String token) {
    var bundle = user.status(name).path("caBundle").asText();
    var file = clients.home().resolve(name + "-ca.crt");
    try {
      Files.writeString(file, bundle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var crane = clients.crane().with("SSL_CERT_FILE", file.toString());
    crane.reading(token).succeed("auth", "login", address(name), "-u", BUILDER, "--password-stdin");
    return crane;
  }

  /// Runs a pod to its end.
  int exitCodeOf(String pod, String image, String pullSecret) {
    var secrets = pullSecret.isEmpty() ? "[]" : "[{name: %s}]".formatted(pullSecret);
    var manifest =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: "%s"}
        spec:
          restartPolicy: Never
          imagePullSecrets: %s
          securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: main
              image: "%s"
              imagePullPolicy: Always
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """
            .formatted(pod, secrets, image);
    user.kubectl().reading(manifest).succeed("-n", namespace.name(), "create", "-f", "-");
    var running = user.client().pods().inNamespace(namespace.name()).withName(pod);
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                running.get().getStatus().getContainerStatuses().stream()
                    .filter(container -> container.getState().getTerminated() != null)
                    .map(container -> container.getState().getTerminated().getExitCode())
                    .toList(),
            codes -> !codes.isEmpty())
        .getFirst();
  }

  /// What a pod that ended ran, as its node says: with the digest.
  String imageOf(String pod) {
    return user.client()
        .pods()
        .inNamespace(namespace.name())
        .withName(pod)
        .get()
        .getStatus()
        .getContainerStatuses()
        .getFirst()
        .getImageID();
  }
}
