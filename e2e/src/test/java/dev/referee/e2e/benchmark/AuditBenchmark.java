package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.audit.ReportDefinitions;
import dev.referee.e2e.benchmark.BenchmarkWorld.Evidence;
import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.TemporaryFolder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The operator over ten thousand pods of two thousand owners on a real API server, with the JVM
/// options of its manifest: what it takes, and what it asks for. No time is asserted; that every
/// owner has its report is.
@OnCluster
class AuditBenchmark {
  private static final Console CONSOLE = Console.standard();
  private static final int IMAGES = 30;
  private static final int OWNERS = 2_000;
  private static final int PODS_EACH = 5;
  private static final int CHANGES = 100;
  private static final int WRITERS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// As `deploy/manifests/operator.yaml` says.
  private static final Map<String, String> AS_IN_THE_POD =
      BenchmarkWorld.asInThePod("-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m");

  @Test
  void auditsTenThousandPods(Cluster cluster) throws Exception {
    Definitions.install(cluster);
    ReportDefinitions.install(cluster);
    CONSOLE.say("| what | measured |");
    CONSOLE.say("|---|---|");
    try (var world = new BenchmarkWorld();
        var folder = TemporaryFolder.create("referee-benchmark-audit");
        var own = TemporaryNamespace.in(cluster, Map.of());
        var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      var images = new ArrayList<String>();
      for (int i = 0; i < IMAGES; i++) {
        images.add(world.push("audit-" + i, Evidence.SIGNATURE_AND_ATTESTED_SBOM));
      }
      run(cluster, namespace.name(), images, 0, OWNERS);
      cluster.kubectl().reading(world.policy(true)).succeed("apply", "--server-side", "-f", "-");
      long began = System.nanoTime();
      try (var operator = operator(cluster, own.name(), folder.path())) {
        awaitReports(operator, OWNERS);
        row("seconds until all are verified and reported", (System.nanoTime() - began) / 1e9);
        var before = requests(operator);
        row("requests until then", before);
        row("RSS, MiB (highest)", memory(operator));
        run(cluster, namespace.name(), images, OWNERS, OWNERS + CHANGES);
        awaitReports(operator, OWNERS + CHANGES);
        row("requests for 100 owners more, of 5 pods each", difference(requests(operator), before));
        row("RSS after that, MiB (highest)", memory(operator));
        assertThat(reports(cluster, namespace.name())).isEqualTo(OWNERS + CHANGES);
      } finally {
        cluster.kubectl().reading(world.policy(true)).run("delete", "-f", "-");
      }
    }
  }

  /// @param namespace its own, which it does not audit
  private static RefereeProcess operator(Cluster cluster, String namespace, Path folder) {
    var environment = new HashMap<>(AS_IN_THE_POD);
    environment.put("KUBECONFIG", cluster.kubeconfig().toAbsolutePath().toString());
    environment.put("POD_NAMESPACE", namespace);
    environment.put("POD_NAME", "benchmark");
    return RefereeProcess.serve(
        folder,
        environment,
        "operator",
        "--listen",
        "127.0.0.1:0",
        "--webhook-url",
        "https://127.0.0.1:1");
  }

  /// Owners with their pods, as they are when a kubelet has started them. An owner is of a kind
  /// that no controller of the cluster acts on.
  private static void run(Cluster cluster, String namespace, List<String> images, int from, int to)
      throws Exception {
    try (var writers = Executors.newFixedThreadPool(WRITERS)) {
      var work =
          IntStream.range(from, to)
              .<Callable<Void>>mapToObj(
                  number ->
                      () -> {
                        runOne(cluster, namespace, images.get(number % images.size()), number);
                        return null;
                      })
              .toList();
      for (var done : writers.invokeAll(work)) {
        done.get();
      }
    }
  }

  private static void runOne(Cluster cluster, String namespace, String image, int number) {
    var owner =
        cluster
            .client()
            .configMaps()
            .inNamespace(namespace)
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("app-" + number)
                    .endMetadata()
                    .build())
            .create();
    for (int i = 0; i < PODS_EACH; i++) {
      var pod =
          cluster.client().pods().inNamespace(namespace).resource(pod(owner, image, i)).create();
      pod.setStatus(
          new PodStatusBuilder()
              .withPhase("Running")
              .withContainerStatuses(
                  new ContainerStatusBuilder()
                      .withName("app")
                      .withImage(image)
                      .withImageID(image)
                      .withReady(true)
                      .withStarted(true)
                      .withRestartCount(0)
                      .withNewState()
                      .withNewRunning()
                      .endRunning()
                      .endState()
                      .build())
              .build());
      var _ = cluster.client().pods().inNamespace(namespace).resource(pod).updateStatus();
    }
  }

  private static Pod pod(ConfigMap owner, String image, int number) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("%s-%d".formatted(owner.getMetadata().getName(), number))
        .addToLabels("app.kubernetes.io/name", owner.getMetadata().getName())
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("app")
        .withImage(image)
        .endContainer()
        .endSpec()
        .build();
  }

  private static void awaitReports(RefereeProcess operator, int count) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> requests(operator).getOrDefault("write", 0L) >= count);
  }

  /// What the audit asked of the API server so far, by operation.
  private static Map<String, Long> requests(RefereeProcess operator) throws IOException {
    try (var connection = new KeepAlive(operator.uri().getPort())) {
      var metrics =
          new String(connection.send("GET", "/metrics").expect(200).body(), UTF_8)
              .lines()
              .filter(line -> line.startsWith("referee_audit_requests_total{"));
      return metrics.collect(
          Collectors.toMap(
              line -> line.replaceAll(".*operation=\"([^\"]*)\".*", "$1"),
              line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
              Long::sum,
              TreeMap::new));
    }
  }

  private static Map<String, Long> difference(Map<String, Long> after, Map<String, Long> before) {
    var difference = new TreeMap<String, Long>();
    after.forEach((what, count) -> difference.put(what, count - before.getOrDefault(what, 0L)));
    return difference;
  }

  private static int reports(Cluster cluster, String namespace) {
    return (int)
        cluster
            .kubectl()
            .succeed("-n", namespace, "get", "reports.openreports.io", "-o", "name")
            .text()
            .lines()
            .count();
  }

  private static String memory(RefereeProcess process) throws IOException {
    return "%d (%d)"
        .formatted(
            ProcessMemory.mebibytes(process.pid(), "VmRSS"),
            ProcessMemory.mebibytes(process.pid(), "VmHWM"));
  }

  private static void row(String what, Object value) {
    var text = value instanceof Double number ? "%.1f".formatted(number) : value.toString();
    CONSOLE.say("| %s | %s |".formatted(what, text));
  }
}
