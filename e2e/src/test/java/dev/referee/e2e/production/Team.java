package dev.referee.e2e.production;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.registries.NodeFiles;
import dev.referee.e2e.registries.TinyImage;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// People who work in one namespace: they have a registry, push images to it, sign some of them and
/// run them.
final class Team implements AutoCloseable {
  private static final String REGISTRY = "images";
  private static final String BUILDER = "builder";
  private static final String KEY = "ci";

  private final Cluster cluster;
  private final Clients clients;
  private final NodeFiles node;
  private final TemporaryNamespace namespace;
  private String endpoint = "";
  private String address = "";
  private String token = "";

  private Team(Cluster cluster, Clients clients, NodeFiles node) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.clients = requireNonNull(clients, "clients is null");
    this.node = requireNonNull(node, "node is null");
    this.namespace =
        TemporaryNamespace.in(cluster, Map.of("pod-security.kubernetes.io/enforce", "restricted"));
  }

  /// Makes a namespace with a registry that serves and that the node knows.
  static Team withRegistry(Cluster cluster, Clients clients, NodeFiles node) throws IOException {
    var team = new Team(cluster, clients, node);
    try {
      team.start();
      return team;
    } catch (RuntimeException | IOException e) {
      team.close();
      throw e;
    }
  }

  private void start() throws IOException {
    kubectl("create", "serviceaccount", BUILDER).orFail();
    kubectl(
            "create",
            "rolebinding",
            "referee-registry-writer",
            "--clusterrole=referee-registry-writer",
            "--serviceaccount=referee-system:referee-operator")
        .orFail();
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: OciRegistry
        metadata: {name: %s}
        spec:
          storage: {persistentVolume: {size: 1Gi}}
          access:
            anonymousRead: true
            serviceAccounts: [{name: %s, repositories: ["apps/**"], actions: [Pull, Push]}]
        """
            .formatted(REGISTRY, BUILDER));
    within()
        .untilAsserted(
            () ->
                assertThat(status("{.status.conditions[?(@.type=='Ready')].reason}"))
                    .isEqualTo("Ready"));
    endpoint = status("{.status.endpoint}");
    address =
        kubectl("get", "service", REGISTRY, "-o", "jsonpath={.spec.clusterIP}").text() + ":5000";
    token = kubectl("create", "token", BUILDER, "--audience=" + endpoint).orFail().text();
    Files.write(clients.home().resolve("layer.tar"), TinyImage.layer());
    Files.writeString(clients.home().resolve("registry-ca.crt"), status("{.status.caBundle}"));
    RefereeProcess.run(
            clients.home(),
            cluster.kubeconfig(),
            "registry",
            "hosts",
            namespace.name() + "/" + REGISTRY,
            "--write",
            node.registries().toString())
        .orFail();
    crane().reading(token).succeed("auth", "login", address, "-u", BUILDER, "--password-stdin");
    cosign()
        .succeed(
            "signing-config",
            "create",
            "--no-default-fulcio",
            "--no-default-oidc",
            "--no-default-rekor",
            "--no-default-tsa",
            "--out",
            "signing-config.json");
    cosign()
        .succeed(
            "trusted-root",
            "create",
            "--no-default-ctfe",
            "--no-default-fulcio",
            "--no-default-rekor",
            "--no-default-tsa",
            "--out",
            "trusted-root.json");
    cosign().succeed("generate-key-pair", "--output-key-prefix", KEY);
  }

  /// The namespace.
  String name() {
    return namespace.name();
  }

  /// The registry as images name it.
  String endpoint() {
    return endpoint;
  }

  /// The public key of the team's signatures, in PEM.
  String key() {
    try {
      return Files.readString(clients.home().resolve(KEY + ".pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Pushes an image whose program does something.
  ///
  /// @return how pods name it, by tag
  String push(String name) {
    var image = "%s/apps/%s:1".formatted(address, name);
    crane().succeed("append", "--oci-empty-base", "-f", "layer.tar", "-t", image);
    crane()
        .succeed(
            "mutate",
            "--entrypoint=/" + TinyImage.PROGRAM + "," + name,
            "--set-platform=linux/amd64",
            "-t",
            image,
            image);
    return "%s/apps/%s:1".formatted(endpoint, name);
  }

  /// Pushes and signs.
  String pushSigned(String name) {
    var image = push(name);
    var repository = "%s/apps/%s".formatted(address, name);
    var digest = crane().succeed("digest", repository + ":1").text();
    cosign()
        .succeed(
            "sign",
            "--key",
            KEY + ".key",
            "--signing-config",
            "signing-config.json",
            "--trusted-root",
            "trusted-root.json",
            "-y",
            repository + "@" + digest);
    return image;
  }

  /// The digest of an image that was pushed.
  String digest(String name) {
    return crane().succeed("digest", "%s/apps/%s:1".formatted(address, name)).text();
  }

  private Program crane() {
    return trusting(clients.crane());
  }

  private Program cosign() {
    return trusting(clients.cosign()).with("COSIGN_PASSWORD", "");
  }

  private Program trusting(Program client) {
    return client.with("SSL_CERT_FILE", clients.home().resolve("registry-ca.crt").toString());
  }

  private String status(String path) {
    return kubectl("get", "ociregistry", REGISTRY, "-o", "jsonpath=" + path).text();
  }

  /// Creates what a manifest says, in the namespace.
  Output create(String manifest) {
    return cluster
        .kubectl()
        .reading(manifest)
        .run("--namespace", namespace.name(), "create", "-f", "-");
  }

  private void apply(String manifest) {
    cluster
        .kubectl()
        .reading(manifest)
        .succeed("--namespace", namespace.name(), "apply", "-f", "-");
  }

  /// kubectl in the namespace.
  Output kubectl(String... arguments) {
    return cluster
        .kubectl()
        .run(
            Stream.concat(Stream.of("--namespace", namespace.name()), Stream.of(arguments))
                .toArray(String[]::new));
  }

  /// Long, because the machine may be busy; nothing waits longer than it must.
  static ConditionFactory within() {
    return Awaitility.await().pollInterval(Duration.ofMillis(300)).atMost(Duration.ofMinutes(4));
  }

  @Override
  public void close() throws IOException {
    if (!endpoint.isEmpty()) {
      node.forget(endpoint);
    }
    namespace.close();
  }
}
