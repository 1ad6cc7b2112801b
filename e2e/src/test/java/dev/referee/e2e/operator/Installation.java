package dev.referee.e2e.operator;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.tls.Hosts;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Operator and webhook beside a cluster, as its pods would run them: two processes that know
/// nothing of each other but the Secret of the certificate.
final class Installation implements AutoCloseable {
  private final Cluster cluster;
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-operator");
  private final TemporaryNamespace namespace;
  private final int port;
  private @Nullable RefereeProcess operator;
  private @Nullable RefereeProcess webhook;
  private @Nullable SecretFolder certificate;

  private Installation(Cluster cluster) throws IOException {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.namespace = TemporaryNamespace.in(cluster, Map.of());
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  static Installation start(Cluster cluster) throws IOException, InterruptedException {
    Definitions.install(cluster);
    var installation = new Installation(cluster);
    try {
      installation.operator = installation.operator("operator-1");
      installation.startWebhook();
      return installation;
    } catch (RuntimeException | IOException | InterruptedException e) {
      installation.close();
      throw e;
    }
  }

  /// Where Referee runs.
  String namespace() {
    return namespace.name();
  }

  /// One more operator.
  ///
  /// @param name tells it from others
  RefereeProcess operator(String name) throws IOException {
    return RefereeProcess.serve(
        Files.createDirectories(folder.path().resolve(name)),
        variables(name),
        "operator",
        "--listen",
        "127.0.0.1:0",
        "--webhook-url",
        cluster.callbackAddress().https(port, "").toString());
  }

  /// The operator that was started first.
  RefereeProcess operator() {
    return requireNonNull(operator, "operator is null");
  }

  void restartOperator() throws IOException {
    operator = operator("operator-1");
  }

  /// Where the webhook listens.
  URI webhook() {
    return requireNonNull(webhook, "webhook is null").uri();
  }

  private void startWebhook() throws IOException, InterruptedException {
    var files = Files.createDirectories(folder.path().resolve("certificate"));
    var mounted =
        new SecretFolder(cluster.client(), namespace.name(), "referee-webhook-tls", files);
    certificate = mounted;
    mounted.await();
    webhook =
        RefereeProcess.serve(
            Files.createDirectories(folder.path().resolve("webhook-1")),
            variables("webhook-1"),
            "webhook",
            "--listen",
            Hosts.inUrl(cluster.callbackAddress().bind().getHostAddress()) + ":" + port,
            "--lame-duck",
            "0s",
            "--tls-cert",
            mounted.file("tls.crt").toString(),
            "--tls-key",
            mounted.file("tls.key").toString());
  }

  private Map<String, String> variables(String pod) {
    return Map.of(
        "KUBECONFIG",
        cluster.kubeconfig().toAbsolutePath().toString(),
        "POD_NAMESPACE",
        namespace.name(),
        "POD_NAME",
        pod);
  }

  /// First who puts the configurations back, then these, then who answers.
  @Override
  public void close() {
    if (operator != null) {
      operator.close();
    }
    cluster
        .kubectl()
        .run(
            "delete",
            "validatingwebhookconfiguration,mutatingwebhookconfiguration",
            "referee",
            "--ignore-not-found");
    if (webhook != null) {
      webhook.close();
    }
    if (certificate != null) {
      certificate.close();
    }
    namespace.close();
    folder.close();
  }
}
