package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.testing.AdmissionReviews;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/// A real API server that pods are created in, with or without a webhook that it asks. It reaches
/// the webhook on loopback, so it must run on this machine.
final class ApiServer implements AutoCloseable {
  private static final String LABEL = "e2e.referee.dev/benchmark";

  private final Cluster cluster;
  private final String name = TemporaryNamespace.uniqueName();
  private final TemporaryNamespace namespace;
  private final SSLSocketFactory tls;

  ApiServer(Cluster cluster) throws IOException, GeneralSecurityException {
    this.cluster = requireNonNull(cluster, "cluster is null");
    tls = SSLUtils.sslContext(cluster.client().getConfiguration()).getSocketFactory();
    namespace = TemporaryNamespace.in(cluster, Map.of(LABEL, name));
  }

  /// A connection on which pods are created, as far as everything but storing them.
  ReviewConnection connect() throws IOException {
    return new ReviewConnection(
        tls,
        URI.create(cluster.client().getMasterUrl().toString()),
        "/api/v1/namespaces/%s/pods?dryRun=All".formatted(namespace.name()));
  }

  /// A pod for each image.
  List<byte[]> pods(List<String> images) {
    var pods = new ArrayList<byte[]>();
    for (var image : images) {
      var pod = AdmissionReviews.pod(namespace.name(), "pod-" + pods.size(), Map.of(), image);
      pods.add(pod.toString().getBytes(UTF_8));
    }
    return pods;
  }

  /// Makes the API server ask a webhook from now on, about pods of this namespace.
  void ask(RefereeProcess webhook, String authority) {
    var bundle = Base64.getEncoder().encodeToString(authority.getBytes(US_ASCII));
    var configurations =
        List.of(
            configuration("Mutating", webhook.uri() + "/mutate", bundle),
            configuration("Validating", webhook.uri() + "/validate", bundle));
    cluster.kubectl().reading(String.join("---\n", configurations)).succeed("apply", "-f", "-");
  }

  private String configuration(String kind, String url, String bundle) {
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: %1$sWebhookConfiguration
    metadata: {name: "%2$s"}
    webhooks:
      - name: pods.referee.dev
        admissionReviewVersions: [v1]
        sideEffects: None
        failurePolicy: Fail
        timeoutSeconds: 10
        namespaceSelector: {matchLabels: {"%3$s": "%2$s"}}
        rules:
          - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}
        clientConfig: {url: "%4$s", caBundle: "%5$s"}
    """
        .formatted(kind, name, LABEL, url, bundle);
  }

  /// Makes the API server ask nobody.
  void forget() {
    cluster
        .kubectl()
        .run(
            "delete",
            "validatingwebhookconfiguration,mutatingwebhookconfiguration",
            name,
            "--ignore-not-found");
  }

  @Override
  public void close() {
    forget();
    namespace.close();
  }
}
