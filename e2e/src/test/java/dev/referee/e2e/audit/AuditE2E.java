package dev.referee.e2e.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.cli.Main;
import dev.referee.client.RegistryClientConfig;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.tools.Browser;
import dev.referee.e2e.tools.ModuleFolder;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.gate.ClusterGate;
import dev.referee.operator.audit.Audit;
import dev.referee.operator.audit.AuditConfig;
import dev.referee.operator.audit.PodImage;
import dev.referee.operator.audit.RunningImages;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What runs is reported, and the report follows policies, signers and the workload: pods with the
/// statuses of a kubelet, signatures in a real registry, reports in the official definitions, and
/// an audit that may do what it has to and nothing else.
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The API server lets an image be called almost anything.
  private static final String HOSTILE =
      "x\"><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";

  private final String name = TemporaryNamespace.uniqueName();
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-audit");
  private Cluster cluster;
  private TemporaryNamespace namespace;
  private Shop shop;
  private KubernetesClient restricted;
  private ClusterGate gate;
  private Audit audit;
  private final RunningImages running = new RunningImages();

  @BeforeAll
  void begin(Cluster cluster) throws IOException {
    this.cluster = cluster;
    ReportDefinitions.install(cluster);
    installOwnDefinitions();
    namespace = TemporaryNamespace.in(cluster, Map.of());
    shop = Shop.open(cluster, namespace.name(), folder.path().resolve("store"));
    applyRights();
    applySigner();
    applyPolicy("Audit");
    restricted = restrictedClient();
    gate =
        ClusterGate.open(
            restricted,
            "referee-system",
            shop.vertx(),
            RegistryClientConfig.defaults(),
            new SimpleMeterRegistry(),
            InstantSource.system());
    audit =
        Audit.start(
            restricted,
            gate,
            AuditConfig.in("referee-system"),
            running,
            new SimpleMeterRegistry(),
            InstantSource.system());
  }

  @AfterAll
  void end() {
    Stream.of(audit, gate, restricted, shop)
        .filter(Objects::nonNull)
        .forEach(
            closeable -> {
              try {
                closeable.close();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    cluster
        .kubectl()
        .run(
            "delete",
            "clusterreferrerpolicies,clustersigners,clusterroles,clusterrolebindings",
            "--selector=e2e.referee.dev/audit=" + name);
    if (namespace != null) {
      namespace.close();
    }
    folder.close();
  }

  @Test
  void reportsWhatRunsForAsLongAsItDoes() throws IOException {
    applySigner();
    var cart = shop.deploy("cart", shop.pushSigned("cart"));
    var mail = shop.deploy("mail", shop.push("mail"));

    eventually(() -> assertResult("reports.openreports.io", cart, "pass", ""));
    eventually(() -> assertResult("reports.openreports.io", mail, "fail", "UNSIGNED"));
    eventually(() -> assertWouldDeny("mail"));
    assertThat(running.get().orElseThrow())
        .extracting(PodImage::image)
        .contains(shop.image("cart"), shop.image("mail"));
    assertBelongsTo(report("reports.openreports.io", cart), "cart", cart);

    // Nobody touches the workload; who may sign changes.
    cluster.kubectl().succeed("delete", "clustersigner", name);
    eventually(() -> assertResult("reports.openreports.io", cart, "fail", "POLICY_INVALID"));
    eventually(() -> assertWouldDeny("cart", "mail"));
    applySigner();
    eventually(() -> assertResult("reports.openreports.io", cart, "pass", ""));
    eventually(() -> assertWouldDeny("mail"));

    // The report is the owner's: with it, it goes.
    shop.kubectl("delete", "deployment", "cart", "--cascade=background");
    eventually(
        () ->
            assertThat(shop.kubectl("get", "reports.openreports.io", "-o", "name"))
                .doesNotContain(cart)
                .contains(mail));
    shop.kubectl("delete", "deployment", "mail", "--cascade=background");
  }

  /// Where the configuration asks for it, as where nothing else is installed.
  @Test
  void writesPolicyReportsToo() throws IOException {
    applySigner();
    var web = shop.deploy("web", shop.pushSigned("web"));
    eventually(() -> assertResult("reports.openreports.io", web, "pass", ""));
    try {
      apply(
          """
          apiVersion: referee.dev/v1alpha1
          kind: RefereeConfiguration
          metadata: {name: referee}
          spec: {audit: {reports: PolicyReport}}
          """);

      eventually(() -> assertResult("policyreports.v1alpha2.wgpolicyk8s.io", web, "pass", ""));
      assertBelongsTo(report("policyreports.v1alpha2.wgpolicyk8s.io", web), "web", web);
      eventually(
          () ->
              assertThat(shop.kubectl("get", "reports.openreports.io", "-o", "name"))
                  .as("nobody would keep it up to date")
                  .isEmpty());
      eventually(
          () ->
              assertThat(
                      shop.kubectl(
                          "get",
                          "refereeconfiguration",
                          "referee",
                          "-o",
                          "jsonpath={.status.conditions[?(@.type=='AuditReports')].reason}"))
                  .isEqualTo("PolicyReport"));
    } finally {
      cluster.kubectl().succeed("delete", "refereeconfiguration", "referee");
    }
    eventually(() -> assertResult("reports.openreports.io", web, "pass", ""));
    shop.kubectl("delete", "deployment", "web", "--cascade=background");
  }

  /// `referee report` on the same cluster, and its page in a real browser.
  @Test
  void showsTheStateOfTheCluster() throws IOException {
    applySigner();
    var good = shop.deploy("good", shop.pushSigned("good"));
    var bad = shop.deploy("bad", shop.push("bad"));
    var hostile = shop.deploy("hostile", HOSTILE);
    eventually(() -> assertResult("reports.openreports.io", good, "pass", ""));
    eventually(() -> assertResult("reports.openreports.io", bad, "fail", "UNSIGNED"));
    eventually(() -> report("reports.openreports.io", hostile));

    assertThat(state("text"))
        .contains("Deployment %s/good".formatted(namespace.name()))
        .contains("ClusterReferrerPolicy/%s signed: UNSIGNED:".formatted(name));
    assertThat(JSON.readTree(state("json")).path("summary").path("images").path("pass").asInt())
        .isEqualTo(1);
    assertThat(state("csv").lines().filter(line -> line.startsWith(namespace.name()))).hasSize(3);
    assertThat(JSON.readTree(state("sarif")).path("runs").get(0).path("results")).hasSize(3);

    var page = Files.writeString(folder.path().resolve("report.html"), state("html"));
    var browser = Browser.find();
    assertThat(browser.dom(page.toUri()))
        .as("the script ran, by the hash that the page allows, and found every image")
        .contains(">3 shown</span>")
        .as("what somebody called an image did not run")
        .contains("<title>Referee: ")
        .doesNotContain("<title>owned")
        .as("the evidence is drawn")
        .contains("cosign bundle");
    assertThat(browser.dom(URI.create(page.toUri() + "#unsigned%20bad")))
        .contains(">1 of 3 shown<");
    assertThat(browser.screenshot(page.toUri(), ModuleFolder.path().resolve("target/report.png")))
        .isNotEmptyFile();
    shop.kubectl("delete", "deployment", "good", "bad", "hostile", "--cascade=background");
  }

  /// What `referee report` prints about the namespace.
  private String state(String format) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.run(
            new String[] {
              "report",
              "-o",
              format,
              "-n",
              namespace.name(),
              "--kubeconfig",
              cluster.kubeconfig().toString()
            },
            Map.of(),
            new PrintWriter(out),
            new PrintWriter(err));
    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  private void assertResult(String kind, String owner, String result, String reason)
      throws IOException {
    var found = report(kind, owner).path("results");
    assertThat(found).hasSize(1);
    var only = found.get(0);
    assertThat(only.path("result").asText()).isEqualTo(result);
    assertThat(only.path("properties").path("reason").asText()).isEqualTo(reason);
    assertThat(only.path("policy").asText()).isEqualTo("ClusterReferrerPolicy/" + name);
    assertThat(only.path("rule").asText()).isEqualTo("signed");
    assertThat(only.path("source").asText()).isEqualTo("referee");
    assertThat(only.path("properties").path("digest").asText()).startsWith("sha256:");
    assertThat(report(kind, owner).path("summary").path(result).asInt()).isEqualTo(1);
    if (result.equals("pass")) {
      assertThat(only.path("properties").path("evidenceDigests").asText()).contains("sha256:");
    }
  }

  private void assertBelongsTo(JsonNode report, String deployment, String uid) {
    var owners = report.path("metadata").path("ownerReferences");
    assertThat(owners).hasSize(1);
    assertThat(owners.get(0).path("apiVersion").asText()).isEqualTo("apps/v1");
    assertThat(owners.get(0).path("kind").asText()).isEqualTo("Deployment");
    assertThat(owners.get(0).path("name").asText()).isEqualTo(deployment);
    assertThat(owners.get(0).path("uid").asText()).isEqualTo(uid);
    assertThat(report.path("scope").path("name").asText()).isEqualTo(deployment);
  }

  private void assertWouldDeny(String... deployments) throws IOException {
    var summary =
        JSON.readTree(shop.kubectl("get", "clusterreferrerpolicy", name, "-o", "json"))
            .path("status")
            .path("wouldDeny");
    assertThat(summary.path("workloads").asInt(-1)).isEqualTo(deployments.length);
    assertThat(summary.path("examples").findValuesAsText("workload"))
        .containsExactly(
            Stream.of(deployments)
                .map(deployment -> "Deployment %s/%s".formatted(namespace.name(), deployment))
                .toArray(String[]::new));
  }

  private JsonNode report(String kind, String owner) throws IOException {
    return JSON.readTree(shop.kubectl("get", kind, "referee-" + owner, "-o", "json"));
  }

  private static void eventually(ThrowingRunnable assertion) {
    Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
  }

  private void installOwnDefinitions() {
    var manifests = ModuleFolder.path().resolve("../crds/manifests").normalize().toString();
    var applied = cluster.kubectl().succeed("apply", "-k", manifests, "-o", "name").text().lines();
    var wait = Stream.of("wait", "--for=condition=Established", "--timeout=60s");
    cluster.kubectl().succeed(Stream.concat(wait, applied).toArray(String[]::new));
  }

  /// What the audit may do, and nothing else.
  private void applyRights() {
    apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "%1$s", labels: {e2e.referee.dev/audit: "%1$s"}}
        rules:
          - {apiGroups: [""], resources: [pods], verbs: [list, watch]}
          - {apiGroups: [apps], resources: [replicasets], verbs: [get]}
          - {apiGroups: [batch], resources: [jobs], verbs: [get]}
          - {apiGroups: [openreports.io], resources: [reports], verbs: [list, create, patch, delete]}
          - {apiGroups: [wgpolicyk8s.io], resources: [policyreports], verbs: [list, create, patch, delete]}
          - apiGroups: [referee.dev]
            resources: [clusterreferrerpolicies/status, referrerpolicies/status, refereeconfigurations/status]
            verbs: [patch]
          - {apiGroups: [""], resources: [events], verbs: [create]}
          # What the gate reads.
          - {apiGroups: [referee.dev], resources: ["*"], verbs: [get, list, watch]}
          - {apiGroups: [""], resources: [namespaces], verbs: [get, list, watch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "%1$s", labels: {e2e.referee.dev/audit: "%1$s"}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "%1$s"}
        subjects: [{kind: User, name: "%1$s", apiGroup: rbac.authorization.k8s.io}]
        """
            .formatted(name));
  }

  private KubernetesClient restrictedClient() {
    var config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    config.setImpersonateUsername(name);
    config.setImpersonateGroups("system:authenticated");
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private void applySigner() {
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterSigner
        metadata: {name: "%1$s", labels: {e2e.referee.dev/audit: "%1$s"}}
        spec:
          key:
            publicKey: |
        %2$s
        """
            .formatted(name, shop.key().publicKeyPem().indent(6)));
  }

  private void applyPolicy(String action) {
    apply(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterReferrerPolicy
        metadata: {name: "%1$s", labels: {e2e.referee.dev/audit: "%1$s"}}
        spec:
          match: {images: ["%2$s/shop/**"]}
          action: %3$s
          require: [{name: signed, signature: {by: ["%1$s"]}}]
        """
            .formatted(name, shop.host(), action));
  }

  private void apply(String manifest) {
    cluster.kubectl().reading(manifest).succeed("apply", "-f", "-");
  }
}
