package dev.referee.e2e.install;

import static dev.referee.e2e.install.Installer.NAMESPACE;
import static dev.referee.e2e.install.Installer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Installs Referee on a real API server and removes it again. No pod of it needs to run for this:
/// the tests do what the operator would do, in its name. So the webhook never answers, and whoever
/// is asked about has to wait for Referee to be removed.
@OnCluster
@WithClients
class InstallationE2E {
  private static final String OPERATOR = "system:serviceaccount:referee-system:referee-operator";
  private static final String WEBHOOK = "system:serviceaccount:referee-system:referee-webhook";

  /// Selects the namespace of a test, so that nobody else's objects are held up.
  private static final String LABEL = "e2e.referee.dev/installation";

  private final Cluster cluster;
  private final Installer installer;

  InstallationE2E(Cluster cluster, Clients clients) {
    this.cluster = cluster;
    this.installer = new Installer(cluster, clients);
  }

  @BeforeEach
  void leaveSomebodyElsesInstallationAlone() {
    assumeThat(installer.isThere())
        .as("whether %s is there already, in a cluster of somebody else", NAMESPACE)
        .isFalse();
  }

  @AfterEach
  void remove() {
    installer.remove();
  }

  @Test
  void isInstalledByKubectlAndCanBeUninstalledWhileNothingOfItWorks() {
    kubectl("apply", "-k", DeployFolder.kustomization()).orFail();
    kubectl("apply", "-k", DeployFolder.kustomization()).orFail();
    awaitPods();
    try (var namespace = TemporaryNamespace.in(cluster, Map.of(LABEL, "kubectl"))) {
      registerAsTheOperatorDoes("kubectl");
      awaitRefusal(namespace);

      kubectl("delete", "-k", DeployFolder.kustomization(), "--wait=false").orFail();

      awaitAdmission(namespace);
      assertThat(register("kubectl").stderr()).contains("forbidden");
      assertThat(kubectl("get", "validatingwebhookconfiguration", "referee").succeeded()).isFalse();
    }
  }

  /// Helm deletes Deployments and Services before roles, so a hook comes before all of them.
  @Test
  void isInstalledByHelmAndCanBeUninstalledWhileNothingOfItWorks() {
    installer.installByHelm();
    helm(
            "upgrade",
            "referee",
            DeployFolder.chart(),
            "--namespace",
            NAMESPACE,
            "--set",
            "webhook.replicas=3")
        .orFail();
    awaitPods();
    try (var namespace = TemporaryNamespace.in(cluster, Map.of(LABEL, "helm"))) {
      registerAsTheOperatorDoes("helm");
      awaitRefusal(namespace);

      helm("uninstall", "referee", "--namespace", NAMESPACE).orFail();

      assertThat(kubectl("get", "validatingwebhookconfiguration", "referee").succeeded()).isFalse();
      assertThat(kubectl("get", "mutatingwebhookconfiguration", "referee").succeeded()).isFalse();
      awaitAdmission(namespace);
      assertThat(register("helm").stderr()).contains("forbidden");
      // Policies outlive the release.
      kubectl("get", "crd", "clusterreferrerpolicies.referee.dev").orFail();
      kubectl("delete", "namespace", NAMESPACE, "--wait=false").orFail();
    }
  }

  @Test
  void letsTheOperatorAndTheWebhookDoWhatTheyDoAndNoMore() {
    kubectl("apply", "-k", DeployFolder.kustomization()).orFail();

    assertAllowed(OPERATOR, "create", "secrets");
    assertAllowed(OPERATOR, "update", "secrets/referee-webhook-ca");
    assertAllowed(OPERATOR, "watch", "secrets/referee-webhook-tls");
    assertAllowed(OPERATOR, "update", "leases.coordination.k8s.io/referee-operator");
    assertAllowed(OPERATOR, "patch", "validatingwebhookconfigurations/referee");
    assertAllowed(OPERATOR, "patch", "clusterreferrerpolicies.referee.dev", "--subresource=status");
    assertAllowed(OPERATOR, "create", "events", "--namespace=default");
    assertAllowed(WEBHOOK, "watch", "clusterreferrerpolicies.referee.dev");
    assertAllowed(WEBHOOK, "get", "deployments.apps", "--namespace=default");
    assertAllowed(WEBHOOK, "get", "secrets/referee-keys");

    assertRefused(OPERATOR, "get", "secrets");
    assertRefused(OPERATOR, "get", "secrets/referee-webhook-ca", "--namespace=default");
    assertRefused(OPERATOR, "patch", "validatingwebhookconfigurations/other");
    assertRefused(OPERATOR, "patch", "clusterreferrerpolicies.referee.dev");
    assertRefused(OPERATOR, "update", "clusterroles/referee-webhook-configurations");
    assertRefused(WEBHOOK, "get", "secrets/referee-webhook-ca");
    assertRefused(WEBHOOK, "get", "secrets", "--namespace=default");
    assertRefused(WEBHOOK, "create", "pods");
  }

  /// Pods of the restricted profile are let in by the namespace's own labels.
  private void awaitPods() {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var pods = kubectl("get", "pods", "-n", NAMESPACE, "-o", "name").orFail().text();
              assertThat(pods).contains("pod/referee-webhook-", "pod/referee-operator-");
            });
  }

  private void registerAsTheOperatorDoes(String label) {
    register(label).orFail();
  }

  private Output register(String label) {
    var uid =
        kubectl(
                "get",
                "clusterrole",
                "referee-webhook-configurations",
                "-o",
                "jsonpath={.metadata.uid}")
            .text();
    var configurations =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata:
          name: referee
          ownerReferences:
            - apiVersion: rbac.authorization.k8s.io/v1
              kind: ClusterRole
              name: referee-webhook-configurations
              uid: "%s"
        webhooks:
          - name: images.referee.dev
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Fail
            timeoutSeconds: 1
            clientConfig:
              service: {namespace: referee-system, name: referee-webhook, path: /validate}
            namespaceSelector:
              matchLabels: {%s: %s}
            rules:
              - apiGroups: [""]
                apiVersions: [v1]
                resources: [pods]
                operations: [CREATE]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata:
          name: referee
          ownerReferences:
            - apiVersion: rbac.authorization.k8s.io/v1
              kind: ClusterRole
              name: referee-webhook-configurations
              uid: "%s"
        webhooks: []
        """
            .formatted(uid.isEmpty() ? "gone" : uid, LABEL, label, uid.isEmpty() ? "gone" : uid);
    return installer
        .kubectl()
        .reading(configurations)
        .run("apply", "--server-side", "-f", "-", "--as", OPERATOR);
  }

  private void awaitRefusal(TemporaryNamespace namespace) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(createPod(namespace, "--dry-run=server").stderr())
                    .contains("failed calling webhook"));
  }

  private void awaitAdmission(TemporaryNamespace namespace) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(createPod(namespace, "--dry-run=none").stderr()).isEmpty());
  }

  private Output createPod(TemporaryNamespace namespace, String dryRun) {
    return kubectl(
        "run", "pod", "--image=registry.test/app:1", "--namespace", namespace.name(), dryRun);
  }

  private void assertAllowed(String account, String... question) {
    assertThat(can(account, question))
        .as("%s: %s", account, String.join(" ", question))
        .isEqualTo("yes");
  }

  private void assertRefused(String account, String... question) {
    assertThat(can(account, question))
        .as("%s: %s", account, String.join(" ", question))
        .startsWith("no");
  }

  private String can(String account, String... question) {
    var command = new ArrayList<>(List.of("auth", "can-i"));
    command.addAll(List.of(question));
    command.add("--as=" + account);
    if (command.stream().noneMatch(word -> word.startsWith("--namespace="))) {
      command.add("--namespace=" + NAMESPACE);
    }
    return kubectl(command.toArray(String[]::new)).text();
  }

  private Output kubectl(String... arguments) {
    return installer.kubectl(arguments);
  }

  private Output helm(String... arguments) {
    return installer.helm(arguments);
  }
}
