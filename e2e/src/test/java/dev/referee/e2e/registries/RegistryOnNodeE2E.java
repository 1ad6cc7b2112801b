package dev.referee.e2e.registries;

import static dev.referee.e2e.registries.RegistryUser.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Images that are pushed to a registry of the cluster run in pods of the cluster: the registry in
/// a pod of its own, pushes with a service account's token, pulls by the node's containerd through
/// the `hosts.toml` that the command line wrote.
@OnCluster
@WithClients
@Tag("node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryOnNodeE2E {
  /// Names the registries that the node was told of, to be forgotten at the end.
  private final List<String> told = new ArrayList<>();

  private Cluster cluster;
  private Clients clients;
  private NodeFiles node;
  private RunningOperator operator;
  private TemporaryNamespace namespace;
  private RegistryUser user;

  @BeforeAll
  void startOperator(Cluster cluster, Clients clients) throws IOException {
    this.cluster = cluster;
    this.clients = clients;
    node = NodeFiles.of(cluster, System.getenv());
    operator = RunningOperator.start(cluster, node.image());
    // Nothing that is not within the restricted profile gets a pod here.
    namespace =
        TemporaryNamespace.in(cluster, Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    operator.grantSecrets(namespace.name());
    user = new RegistryUser(cluster, namespace);
    user.kubectl().succeed("-n", namespace.name(), "create", "serviceaccount", "builder");
    Files.write(clients.home().resolve("layer.tar"), TinyImage.layer());
  }

  @AfterAll
  void cleanUp() throws IOException {
    for (var registry : told) {
      node.forget(registry);
    }
    if (namespace != null) {
      namespace.close();
    }
    if (operator != null) {
      operator.close();
    }
  }

  @Test
  void runsAnImageThatIsPulledThroughThePortOfTheNode() {
    user.apply(
        "open",
        """
        {storage: {persistentVolume: {size: 1Gi}}, nodePort: 30943, access: {anonymousRead: true,
          serviceAccounts: [{name: builder, repositories: ["apps/**"], actions: [Pull, Push]}]}}
        """);
    var endpoint = ready("open");
    var written = tellTheNode("open");
    assertThat(written).contains("server = \"https://127.0.0.1:30943\"");

    push("open", token(endpoint), "apps/answer:1");

    assertThat(exitCodeOf("through-node-port", endpoint + "/apps/answer:1", ""))
        .isEqualTo(TinyImage.EXIT_CODE);
  }

  @Test
  void runsAnImageThatIsPulledWithASecretThroughTheAddressOfTheService() {
    user.apply(
        "closed",
        """
        {storage: {persistentVolume: {size: 1Gi}}, access: {
          serviceAccounts: [{name: builder, repositories: ["apps/**"], actions: [Pull, Push]}]}}
        """);
    var endpoint = ready("closed");
    assertThat(tellTheNode("closed")).contains("server = \"https://" + address("closed"));
    var token = token(endpoint);
    push("closed", token, "apps/answer:1");
    user.kubectl()
        .succeed(
            "-n",
            namespace.name(),
            "create",
            "secret",
            "docker-registry",
            "pull",
            "--docker-server=" + endpoint,
            "--docker-username=builder",
            "--docker-password=" + token);

    assertThat(exitCodeOf("with-secret", endpoint + "/apps/answer:1", "pull"))
        .isEqualTo(TinyImage.EXIT_CODE);
  }

  @Test
  void nobodyPushesWhereNobodyWasGrantedIt() {
    user.apply("shut", "{storage: {persistentVolume: {size: 1Gi}}, access: {anonymousRead: true}}");
    var endpoint = ready("shut");

    var refused = crane("shut", token(endpoint)).run(appending("shut", "apps/answer:1"));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).containsAnyOf("DENIED", "UNAUTHORIZED", "403", "401");
  }

  /// The endpoint of a registry that serves.
  private String ready(String name) {
    var status = user.awaitReason(name, "Ready");
    assertThat(status.path("readyReplicas").asInt()).isEqualTo(1);
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
  private String tellTheNode(String name) {
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

  private String token(String endpoint) {
    return user.kubectl()
        .succeed("-n", namespace.name(), "create", "token", "builder", "--audience=" + endpoint)
        .text();
  }

  /// From outside of the pods the registry is reached at its Service's address.
  private String address(String name) {
    return user.client()
            .services()
            .inNamespace(namespace.name())
            .withName(name)
            .get()
            .getSpec()
            .getClusterIP()
        + ":5000";
  }

  private void push(String name, String token, String image) {
    var crane = crane(name, token);
    crane.succeed(appending(name, image));
    crane.succeed(
        "mutate",
        "--entrypoint=/" + TinyImage.PROGRAM,
        "--set-platform=linux/amd64",
        "-t",
        address(name) + "/" + image,
        address(name) + "/" + image);
  }

  private String[] appending(String name, String image) {
    return new String[] {
      "append", "--oci-empty-base", "-f", "layer.tar", "-t", address(name) + "/" + image
    };
  }

  /// crane with the registry's authority and somebody's token.
  private Program crane(String name, String token) {
    var bundle = user.status(name).path("caBundle").asText();
    var file = clients.home().resolve(name + "-ca.crt");
    try {
      Files.writeString(file, bundle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var crane = clients.crane().with("SSL_CERT_FILE", file.toString());
    crane
        .reading(token)
        .succeed("auth", "login", address(name), "-u", "builder", "--password-stdin");
    return crane;
  }

  /// Runs a pod to its end.
  private int exitCodeOf(String pod, String image, String pullSecret) {
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
}
