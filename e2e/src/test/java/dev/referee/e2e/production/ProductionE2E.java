package dev.referee.e2e.production;

import static dev.referee.e2e.production.Team.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.referee.e2e.audit.ReportDefinitions;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.install.DeployFolder;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.registries.NodeFiles;
import dev.referee.e2e.registries.TinyImage;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.Output;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The life of an installation on a cluster that runs pods: installed with kubectl, a registry made
/// by one object, images pushed, signed and run, unsigned ones refused in every way in which they
/// may come, an audit, and removed; then installed with Helm.
@OnCluster
@WithClients
@Tag("node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProductionE2E {
  private static final String REFEREE = "referee-system";
  private static final String LABEL = "e2e.referee.dev/production";

  private final String name = TemporaryNamespace.uniqueName();
  private final String group = name + ".example.com";
  private Cluster cluster;
  private Clients clients;
  private NodeFiles node;
  private Team team;
  private String signed;
  private String unsigned;

  @BeforeAll
  void install(Cluster cluster, Clients clients) throws IOException {
    this.cluster = cluster;
    this.clients = clients;
    node = NodeFiles.of(cluster, System.getenv());
    assumeThat(kubectl("get", "namespace", REFEREE).succeeded())
        .as("whether %s is there already, in a cluster of somebody else", REFEREE)
        .isFalse();
    ReportDefinitions.install(cluster);
    kubectl("apply", "-k", DeployFolder.kustomization()).orFail();
    rollout();
    team = Team.withRegistry(cluster, clients, node);
    signed = team.pushSigned("signed");
    unsigned = team.push("unsigned");
    // Admitted while nobody asked for anything, and scaled later.
    team.create(Workloads.deployment("early", unsigned, 0)).orFail();
    apply(Workloads.definition(group));
    kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd/rollouts." + group)
        .orFail();
    apply(
        object(
            "RefereeConfiguration",
            "referee",
            "{customResources: [{group: %s, resource: rollouts, podTemplates: [spec.template]}]}"
                .formatted(group)),
        signer(),
        policy(name, "Enforce"));
    awaitReason("clusterreferrerpolicy/" + name, "Compiled");
    // API servers learn of a configuration a moment after it was written.
    within()
        .untilAsserted(
            () ->
                assertThat(dryRun(Workloads.rollout(group, "probe", unsigned)).stderr())
                    .contains("denied the request"));
  }

  @AfterAll
  void remove() throws IOException {
    kubectl("delete", "-k", DeployFolder.kustomization(), "--ignore-not-found", "--wait=false");
    kubectl("delete", "crd", "rollouts." + group, "--ignore-not-found");
    if (team != null) {
      team.close();
    }
  }

  @Test
  @Order(1)
  void runsASignedImageAtThePinnedDigest() {
    team.create(Workloads.pod("signed", signed)).orFail();

    var spec = team.kubectl("get", "pod", "signed", "-o", "jsonpath={.spec.containers[0].image}");
    assertThat(spec.text()).isEqualTo(signed + "@" + team.digest("signed"));
    assertThat(exitCode("signed")).isEqualTo(TinyImage.EXIT_CODE);
    var pulled =
        team.kubectl(
            "get", "pod", "signed", "-o", "jsonpath={.status.containerStatuses[0].imageID}");
    assertThat(pulled.text()).contains(team.digest("signed"));
  }

  Stream<Arguments> waysIn() {
    return Stream.of(
        way("a pod", image -> Workloads.pod("refused", image)),
        way("an image volume", image -> Workloads.podWithVolume("refused", signed, image)),
        way("a Deployment", image -> Workloads.deployment("refused", image, 1)),
        way("a CronJob", image -> Workloads.cronJob("refused", image)),
        way("a ReplicationController", image -> Workloads.replicationController("refused", image)),
        way("a custom resource", image -> Workloads.rollout(group, "refused", image)));
  }

  private static Arguments way(String what, Function<String, String> manifest) {
    return Arguments.of(what, manifest);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysIn")
  @Order(2)
  void refusesAnUnsignedImage(String what, Function<String, String> manifest) {
    assertRefused(team.create(manifest.apply(unsigned)));
    // It is the image that is refused, not the way.
    assertThat(dryRun(manifest.apply(signed)).orFail().succeeded()).as(what).isTrue();
  }

  @Test
  @Order(3)
  void refusesAnUnsignedEphemeralContainer() {
    team.create(Workloads.pod("debugged", signed)).orFail();

    var debug =
        team.kubectl(
            "debug", "debugged", "--image=" + unsigned, "--container=look", "--profile=restricted");

    assertRefused(debug);
  }

  @Test
  @Order(3)
  void refusesToScaleWhatWasAdmittedEarlier() {
    assertRefused(team.kubectl("scale", "deployment", "early", "--replicas=1"));
    team.kubectl("scale", "deployment", "early", "--replicas=0").orFail();
  }

  @Test
  @Order(4)
  void warnsOnly() {
    apply(policy(name, "Warn"));
    try {
      within()
          .untilAsserted(
              () -> {
                var warned = dryRun(Workloads.pod("warned", unsigned));
                assertThat(warned.succeeded()).isTrue();
                assertThat(warned.stderr()).contains("Warning", "UNSIGNED");
              });
    } finally {
      enforce();
    }
  }

  @Test
  @Order(5)
  void auditsOnlyAndSaysWhatItWouldDeny() {
    apply(policy(name, "Audit"));
    try {
      within()
          .untilAsserted(
              () -> {
                var audited = dryRun(Workloads.pod("audited", unsigned));
                assertThat(audited.succeeded()).isTrue();
                assertThat(audited.stderr()).doesNotContain("Warning");
              });
      team.create(Workloads.deployment("audited", unsigned, 1)).orFail();
      within()
          .untilAsserted(
              () ->
                  assertThat(
                          kubectl(
                                  "get",
                                  "clusterreferrerpolicy",
                                  name,
                                  "-o",
                                  "jsonpath={.status.wouldDeny.examples[*].workload}")
                              .text())
                      .contains("Deployment %s/audited".formatted(team.name())));
    } finally {
      team.kubectl("delete", "deployment", "audited", "--ignore-not-found");
      enforce();
    }
  }

  @Test
  @Order(6)
  void anExceptionLetsInUntilItEnds() {
    var end = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    apply(
        object(
            "ClusterPolicyException",
            name,
            """
            {policies: [%1$s], requirements: ["*"], images: ["%2$s/**"], namespaces: ["%3$s"],
              reason: the test, approvedBy: ann, expiresAt: "%4$s"}\
            """
                .formatted(name, team.endpoint(), team.name(), end)));

    within()
        .untilAsserted(
            () -> assertThat(dryRun(Workloads.pod("excepted", unsigned)).succeeded()).isTrue());
    within().untilAsserted(() -> assertRefused(dryRun(Workloads.pod("excepted", unsigned))));

    assertThat(Instant.now()).isAfterOrEqualTo(end);
    awaitReason("clusterpolicyexception/" + name, "Expired");
  }

  @Test
  @Order(7)
  void reportsWhenASignerIsRemoved() {
    team.create(Workloads.deployment("running", signed, 1)).orFail();
    var uid = team.kubectl("get", "deployment", "running", "-o", "jsonpath={.metadata.uid}").text();
    awaitReport(uid, "pass");

    kubectl("delete", "clustersigner", name).orFail();

    awaitReport(uid, "fail");
    apply(signer());
    awaitReport(uid, "pass");
  }

  /// Admission needs no operator.
  @Test
  @Order(8)
  void admitsWhileTheOperatorIsDown() {
    kubectl("-n", REFEREE, "scale", "deployment", "referee-operator", "--replicas=0").orFail();
    within()
        .untilAsserted(
            () ->
                assertThat(
                        kubectl(
                                "-n",
                                REFEREE,
                                "get",
                                "pods",
                                "-l",
                                "app.kubernetes.io/component=operator",
                                "-o",
                                "name")
                            .text())
                    .isEmpty());

    assertRefused(dryRun(Workloads.pod("refused", unsigned)));
    dryRun(Workloads.pod("allowed", signed)).orFail();

    kubectl("-n", REFEREE, "scale", "deployment", "referee-operator", "--replicas=1").orFail();
    rollout();
  }

  /// One that ends serves on until the API server has heard of it.
  @Test
  @Order(9)
  void losesNoReviewWhileTheWebhookIsRestarted() throws Exception {
    try (var load = load()) {
      kubectl("-n", REFEREE, "rollout", "restart", "deployment/referee-webhook").orFail();
      within()
          .until(
              () ->
                  !load.holds()
                      || (load.answered() > 200
                          && kubectl(
                                  "-n",
                                  REFEREE,
                                  "rollout",
                                  "status",
                                  "deployment/referee-webhook",
                                  "--watch=false")
                              .stdout()
                              .contains("successfully rolled out")));
      report(load, "while the webhook was restarted");
    }
  }

  /// A lost certificate, then a lost authority: what pods show and what API servers trust changes
  /// in steps, and fits together after each.
  @ParameterizedTest
  @ValueSource(strings = {"referee-webhook-tls", "referee-webhook-ca"})
  @Order(10)
  void losesNoReviewWhileItsCertificateIsReplaced(String secret) throws Exception {
    var shown = ServedCertificates.serials(cluster, REFEREE);
    var trusted = ServedCertificates.bundle(cluster);
    try (var load = load()) {
      kubectl("-n", REFEREE, "delete", "secret", secret).orFail();
      within()
          .until(
              () ->
                  !load.holds()
                      || Collections.disjoint(ServedCertificates.serials(cluster, REFEREE), shown));
      int before = load.answered();
      within().until(() -> !load.holds() || load.answered() > before + 100);
      report(load, "while %s was lost and made again".formatted(secret));
    }
    assertThat(ServedCertificates.bundle(cluster).equals(trusted))
        .as("whether the authority is the same")
        .isEqualTo(secret.equals("referee-webhook-tls"));
  }

  private ReviewLoad load() {
    return new ReviewLoad(
        cluster, team.name(), Workloads.pod("allowed", signed), Workloads.pod("refused", unsigned));
  }

  private static void report(ReviewLoad load, String when) throws Exception {
    load.stop();
    Console.standard().say("%d reviews %s, none lost".formatted(load.answered(), when));
  }

  @Test
  @Order(20)
  void leavesAWorkingCluster() {
    kubectl("delete", "-k", DeployFolder.kustomization(), "--wait=false").orFail();

    within().untilAsserted(() -> dryRun(Workloads.pod("unsigned", unsigned)).orFail());
    awaitGone();
  }

  @Test
  @Order(21)
  void doesTheSameInstalledByHelm() {
    awaitGone();
    clients
        .helm()
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .succeed(
            "install",
            "referee",
            DeployFolder.chart(),
            "--namespace",
            REFEREE,
            "--create-namespace",
            "--take-ownership");
    try {
      rollout();
      apply(signer(), policy(name, "Enforce"));
      awaitReason("clusterreferrerpolicy/" + name, "Compiled");
      // The registry went with its definition; what cannot be decided is refused, too.
      within()
          .untilAsserted(
              () ->
                  assertThat(dryRun(Workloads.pod("refused", unsigned)).stderr())
                      .contains("denied the request", "ClusterReferrerPolicy/" + name));
    } finally {
      clients
          .helm()
          .with("KUBECONFIG", cluster.kubeconfig().toString())
          .succeed("uninstall", "referee", "--namespace", REFEREE);
    }
    within().untilAsserted(() -> dryRun(Workloads.pod("unsigned", unsigned)).orFail());
  }

  private void awaitGone() {
    within()
        .untilAsserted(
            () -> {
              assertThat(kubectl("get", "namespace", REFEREE).succeeded()).isFalse();
              assertThat(kubectl("get", "validatingwebhookconfiguration", "referee").succeeded())
                  .isFalse();
            });
  }

  private void enforce() {
    apply(policy(name, "Enforce"));
    within().untilAsserted(() -> assertRefused(dryRun(Workloads.pod("refused", unsigned))));
  }

  private static void assertRefused(Output output) {
    assertThat(output.succeeded()).isFalse();
    assertThat(output.stderr()).contains("denied the request", "UNSIGNED");
  }

  private int exitCode(String pod) {
    var path = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    within()
        .untilAsserted(
            () -> assertThat(team.kubectl("get", "pod", pod, "-o", path).text()).isNotEmpty());
    return Integer.parseInt(team.kubectl("get", "pod", pod, "-o", path).text());
  }

  private void awaitReport(String uid, String result) {
    within()
        .untilAsserted(
            () ->
                assertThat(
                        team.kubectl(
                                "get",
                                "reports.openreports.io",
                                "-o",
                                "jsonpath={.items[?(@.scope.uid=='%s')].results[*].result}"
                                    .formatted(uid))
                            .text())
                    .isEqualTo(result));
  }

  private Output dryRun(String manifest) {
    return cluster
        .kubectl()
        .reading(manifest)
        .run("--namespace", team.name(), "create", "--dry-run=server", "-f", "-");
  }

  private void rollout() {
    for (var deployment : new String[] {"referee-operator", "referee-webhook"}) {
      kubectl("-n", REFEREE, "rollout", "status", "deployment/" + deployment, "--timeout=240s")
          .orFail();
    }
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

  private String signer() {
    return object("ClusterSigner", name, "\n  key:\n    publicKey: |\n" + team.key().indent(6));
  }

  private String policy(String policy, String action) {
    return object(
        "ClusterReferrerPolicy",
        policy,
        """
        {match: {images: ["%s/**"]}, action: %s, timeout: 8s,
          require: [{name: signed, signature: {by: [%s]}}]}\
        """
            .formatted(team.endpoint(), action, name));
  }

  private String object(String kind, String object, String spec) {
    return """
    apiVersion: referee.dev/v1alpha1
    kind: %s
    metadata: {name: "%s", labels: {"%s": "%s"}}
    spec: %s
    """
        .formatted(kind, object, LABEL, name, spec);
  }

  private void apply(String... manifests) {
    cluster.kubectl().reading(String.join("---\n", manifests)).succeed("apply", "-f", "-");
  }

  private Output kubectl(String... arguments) {
    return cluster.kubectl().run(arguments);
  }
}
