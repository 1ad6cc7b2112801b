package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.Hosts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// `referee webhook` beside a cluster: policies from its API server, a certificate for the address
/// at which the API server reaches it, and the configuration that makes the API server ask.
final class AdmissionWebhook implements AutoCloseable {
  /// Selects what the webhook is asked about, so that nobody else's objects are sent to it.
  static final String LABEL = "e2e.referee.dev/chain";

  private final Cluster cluster;
  private final String name;
  private final RefereeProcess process;

  private AdmissionWebhook(Cluster cluster, String name, RefereeProcess process) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.name = requireNonNull(name, "name is null");
    this.process = requireNonNull(process, "process is null");
  }

  /// Starts the server and makes the API server ask it.
  ///
  /// @param name of the configuration, and the value of the label
  static AdmissionWebhook start(Cluster cluster, String name, Path folder) throws IOException {
    var address = cluster.callbackAddress();
    var authority = CertificateAuthority.create("CN=" + name);
    var certificate = authority.server("CN=webhook", List.of(address.host()));
    var process =
        RefereeProcess.serve(
            folder,
            Map.of("KUBECONFIG", cluster.kubeconfig().toAbsolutePath().toString()),
            "webhook",
            "--listen",
            Hosts.inUrl(address.bind().getHostAddress()) + ":0",
            "--tls-cert",
            Files.writeString(folder.resolve("tls.crt"), certificate.certificatePem()).toString(),
            "--tls-key",
            Files.writeString(folder.resolve("tls.key"), certificate.keyPem()).toString());
    var webhook = new AdmissionWebhook(cluster, name, process);
    try {
      var url = address.https(process.uri().getPort(), "/validate");
      cluster
          .kubectl()
          .reading(configuration(name, url, authority.certificatePem()))
          .succeed("apply", "-f", "-");
      return webhook;
    } catch (RuntimeException e) {
      webhook.close();
      throw e;
    }
  }

  private static String configuration(String name, URI url, String authority) {
    var bundle = Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.US_ASCII));
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: "%1$s"}
    webhooks:
      - name: pods.referee.dev
        admissionReviewVersions: [v1]
        sideEffects: None
        failurePolicy: Fail
        timeoutSeconds: 10
        namespaceSelector: {matchLabels: {"%2$s": "%1$s"}}
        rules:
          - apiGroups: [""]
            apiVersions: [v1]
            resources: [pods, pods/ephemeralcontainers]
            operations: [CREATE, UPDATE]
        clientConfig: {url: "%3$s", caBundle: "%4$s"}
      - name: policies.referee.dev
        admissionReviewVersions: [v1]
        sideEffects: None
        failurePolicy: Fail
        timeoutSeconds: 10
        objectSelector: {matchLabels: {"%2$s": "%1$s"}}
        rules:
          - apiGroups: [referee.dev]
            apiVersions: ["*"]
            resources: ["*"]
            operations: [CREATE, UPDATE]
        clientConfig: {url: "%3$s", caBundle: "%4$s"}
    """
        .formatted(name, LABEL, url, bundle);
  }

  @Override
  public void close() {
    // First the configuration: with the server gone the API server would refuse for it.
    cluster.kubectl().run("delete", "validatingwebhookconfiguration", name, "--ignore-not-found");
    process.close();
  }
}
