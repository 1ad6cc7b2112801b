package dev.referee.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.tools.Output;
import dev.referee.testing.SigningKey;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The operator beside a real API server: it makes the certificate, registers the webhook once that
/// answers, puts back what somebody changes, and says in every status what is in force.
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorE2E {
  private static final String LABEL = "e2e.referee.dev/operator";
  private static final String KINDS =
      "clusterpolicyexceptions,clusterreferrerpolicies,clustersigners,clusterregistryconfigs,"
          + "refereeconfigurations";

  private final String name = TemporaryNamespace.uniqueName();
  private Cluster cluster;
  private Installation installation;

  @BeforeAll
  void install(Cluster cluster) throws IOException, InterruptedException {
    this.cluster = cluster;
    Definitions.install(cluster);
    // Before there is anybody to look at it: order does not matter.
    apply(signer(name), policy(name, name));
    installation = Installation.start(cluster);
    awaitReason("clusterreferrerpolicy/" + name, "Compiled");
  }

  @AfterAll
  void uninstall() {
    if (installation != null) {
      installation.close();
    }
    kubectl("delete", KINDS, "--selector=%s=%s".formatted(LABEL, name));
  }

  @Test
  void makesTheApiServerAsk() {
    try (var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      var refused = run(namespace, "registry.%s.example/app:1".formatted(name));

      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.stderr())
          .contains("images.referee.dev", "denied the request", "ClusterReferrerPolicy/" + name);
    }
  }

  /// Referee's own pods come up while it is down.
  @Test
  void asksNothingAboutItsOwnNamespace() {
    var image = "registry.%s.example/app:1".formatted(name);

    assertThat(
            cluster
                .kubectl()
                .run(
                    "run",
                    "own",
                    "--namespace=" + installation.namespace(),
                    "--image=" + image,
                    "--dry-run=server")
                .exitCode())
        .isZero();
  }

  static Stream<List<String>> nonsense() {
    return Stream.of(
        List.of(
            "ClusterReferrerPolicy",
            "UnknownSigner",
            "require: [{name: signed, signature: {by: [nobody-knows]}}]"),
        List.of(
            "ClusterSigner",
            "ReferenceNotFound",
            "key: {secretKeyRef: {name: not-there, key: cosign.pub}}"),
        List.of(
            "ClusterPolicyException",
            "UnknownPolicy",
            """
            policies: [nobody-knows]
              requirements: ["*"]
              images: ["*/**"]
              namespaces: ["*"]
              reason: none
              approvedBy: nobody
              expiresAt: "2099-01-01T00:00:00Z\"\
            """),
        List.of(
            "ClusterRegistryConfig",
            "ReferenceNotFound",
            """
            host: %s.example
              credentials: {secretRef: {name: not-there}}\
            """));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void saysWhatMakesNoSense(List<String> what) {
    var object = TemporaryNamespace.uniqueName();
    apply(object(what.get(0), object, what.get(2).replace("%s", object)));

    awaitReason("%s/%s".formatted(what.get(0).toLowerCase(Locale.ROOT), object), what.get(1));
    var events =
        kubectl(
                "get",
                "events",
                "--namespace=default",
                "--field-selector=involvedObject.name=%s,type=Warning".formatted(object),
                "-o",
                "jsonpath={.items[*].reason}")
            .text();
    assertThat(events).contains(what.get(1));
  }

  @Test
  void noticesWhatAnObjectWaitedFor() {
    var late = TemporaryNamespace.uniqueName();
    apply(policy(late, late));
    awaitReason("clusterreferrerpolicy/" + late, "UnknownSigner");

    apply(signer(late));

    awaitReason("clusterreferrerpolicy/" + late, "Compiled");
  }

  @Test
  void endsAnExceptionAtItsTime() {
    var end = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
    var exception = TemporaryNamespace.uniqueName();
    apply(
        object(
            "ClusterPolicyException",
            exception,
            """
            policies: [%s]
              requirements: ["*"]
              images: ["registry.example/**"]
              namespaces: ["*"]
              reason: the demo
              approvedBy: ann
              expiresAt: "%s\"\
            """
                .formatted(name, end)));

    awaitReason("clusterpolicyexception/" + exception, "Expired");
    assertThat(Instant.now()).isAfterOrEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "validating | [{'op':'replace','path':'/webhooks/0/failurePolicy','value':'Ignore'}]",
        "validating |"
            + " [{'op':'add','path':'/webhooks/0/matchConditions/-','value':{'name':'never','expression':'false'}}]",
        "validating | [{'op':'remove','path':'/webhooks/0'}]",
        "validating |"
            + " [{'op':'add','path':'/webhooks/0/namespaceSelector/matchLabels','value':{'a':'b'}}]",
        "mutating | [{'op':'replace','path':'/webhooks/0/clientConfig/caBundle','value':''}]"
      })
  void putsBackWhatSomebodyChanges(String kind, String patch) {
    var before = webhooks(kind);

    kubectl(
        "patch",
        kind + "webhookconfiguration",
        "referee",
        "--type=json",
        "--patch",
        patch.replace('\'', '"'));

    within().untilAsserted(() -> assertThat(webhooks(kind)).isEqualTo(before));
    awaitRepairs(kind);
  }

  @ParameterizedTest
  @CsvSource({"validating", "mutating"})
  void putsBackWhatSomebodyDeletes(String kind) {
    var before = webhooks(kind);

    kubectl("delete", kind + "webhookconfiguration", "referee");

    within().untilAsserted(() -> assertThat(webhooks(kind)).isEqualTo(before));
    awaitRepairs(kind);
  }

  @Test
  void asksAboutWhatTheConfigurationNames() {
    apply(
        object(
            "RefereeConfiguration",
            "referee",
            """
            excludedNamespaces: [%s-system]
              customResources: [{group: %s.example, resource: rollouts, podTemplates: [spec.template]}]\
            """
                .formatted(name, name)));
    awaitReason("refereeconfiguration/referee", "Compiled");

    within()
        .untilAsserted(
            () -> {
              assertThat(
                      images().getNamespaceSelector().getMatchExpressions().getFirst().getValues())
                  .containsExactlyInAnyOrder(installation.namespace(), name + "-system");
              assertThat(images().getRules())
                  .anyMatch(rule -> rule.getResources().contains("rollouts"));
            });
    kubectl("delete", "refereeconfiguration", "referee");
    within()
        .untilAsserted(
            () ->
                assertThat(images().getRules())
                    .noneMatch(rule -> rule.getResources().contains("rollouts")));
  }

  /// One that is killed gives nothing back: the next one waits for the end of its Lease.
  @Test
  void goesOnWhenTheLeaderIsKilled() throws IOException {
    try (RefereeProcess second = installation.operator("operator-2")) {
      assertThat(second.uri()).isNotNull();
      installation.operator().kill();

      kubectl("delete", "validatingwebhookconfiguration", "referee");

      within().untilAsserted(() -> assertThat(images()).isNotNull());
      installation.restartOperator();
    }
    // The second one left; the first one leads again.
    kubectl("delete", "validatingwebhookconfiguration", "referee");
    within().untilAsserted(() -> assertThat(images()).isNotNull());
  }

  private ValidatingWebhook images() {
    var configuration =
        cluster
            .client()
            .admissionRegistration()
            .v1()
            .validatingWebhookConfigurations()
            .withName("referee")
            .get();
    assertThat(configuration).isNotNull();
    return configuration.getWebhooks().stream()
        .filter(webhook -> webhook.getName().equals("images.referee.dev"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("images are not asked about"));
  }

  private String webhooks(String kind) {
    return kubectl(
            "get",
            kind + "webhookconfiguration",
            "referee",
            "--ignore-not-found",
            "-o",
            "jsonpath={.webhooks}")
        .text();
  }

  private void awaitRepairs(String kind) {
    var object = kind.equals("validating") ? "Validating" : "Mutating";
    within()
        .untilAsserted(
            () ->
                assertThat(
                        kubectl(
                                "get",
                                "events",
                                "--namespace=default",
                                "--field-selector=reason=Repaired,involvedObject.kind=%sWebhookConfiguration"
                                    .formatted(object),
                                "-o",
                                "jsonpath={.items[*].message}")
                            .text())
                    .contains("it is what it should be again"));
  }

  private void awaitReason(String object, String reason) {
    within()
        .untilAsserted(
            () ->
                assertThat(
                        kubectl(
                                "get",
                                object,
                                "-o",
                                "jsonpath={.status.conditions[?(@.type=='Ready')].reason}")
                            .text())
                    .isEqualTo(reason));
  }

  /// A busy machine takes long; nothing here waits for the time itself to pass.
  private static ConditionFactory within() {
    return Awaitility.await().pollInterval(Duration.ofMillis(200)).atMost(Duration.ofSeconds(90));
  }

  private Output run(TemporaryNamespace namespace, String image) {
    return cluster
        .kubectl()
        .run(
            "run",
            "app",
            "--namespace=" + namespace.name(),
            "--image=" + image,
            "--dry-run=server");
  }

  private String signer(String signer) {
    return object(
        "ClusterSigner",
        signer,
        "key:\n    publicKey: |\n" + SigningKey.p256().publicKeyPem().indent(6));
  }

  private String policy(String policy, String signer) {
    return object(
        "ClusterReferrerPolicy",
        policy,
        """
        match: {images: ["registry.%s.example/**"]}
          timeout: 1s
          require: [{name: signed, signature: {by: [%s]}}]\
        """
            .formatted(policy, signer));
  }

  private String object(String kind, String object, String spec) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: %s
    metadata: {name: "%s", labels: {"%s": "%s"}}
    spec:
      %s
    """
        .formatted(kind, object, LABEL, name, spec);
  }

  private void apply(String... objects) {
    cluster.kubectl().reading(String.join("---\n", objects)).succeed("apply", "-f", "-");
  }

  private Output kubectl(String... arguments) {
    return cluster.kubectl().run(arguments).orFail();
  }
}
