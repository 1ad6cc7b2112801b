package dev.referee.e2e.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.benchmark.BenchmarkWorld.Evidence;
import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.tools.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Measured like the peers (research/peers-measured.md): 30 images, one key, signature and SBOM
/// both required; a JIT that is warm. Every answer is checked to be the right one; no time is
/// asserted. Prints a table of what was measured.
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdmissionBenchmark {
  private static final int IMAGES = 30;
  private static final int WARM_UP = 30_000;
  private static final int SAMPLES = 10_000;
  private static final int COLD = 300;

  /// As many images as it takes until the JIT has compiled what verifies one that is new.
  private static final int COLD_WARM_UP = 2_000;

  private static final int CLIENTS = 8;
  private static final String VALIDATE = "/validate?timeout=10s";
  private static final Console CONSOLE = Console.standard();

  private final List<String> rows = new ArrayList<>();
  private BenchmarkWorld world;

  @BeforeAll
  void start() throws Exception {
    world = new BenchmarkWorld();
  }

  @AfterAll
  void stop() throws IOException {
    CONSOLE.say("| what | measured |");
    CONSOLE.say("|---|---|");
    rows.forEach(CONSOLE::say);
    world.close();
  }

  @Test
  @Order(1)
  void warm() throws Exception {
    var reviews = new ArrayList<byte[]>();
    for (int i = 0; i < IMAGES; i++) {
      var image = world.push("warm-" + i, Evidence.SIGNATURE_AND_ATTESTED_SBOM);
      reviews.add(ReviewConnection.review("pod-" + i, image));
    }
    try (var webhook = world.webhook(true);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      measure(connection, reviews, WARM_UP);
      world.way.takeRequests();
      row("raw, by digest, warm: p50 / p95 ms", measure(connection, reviews, SAMPLES));
      row("registry requests of these %d".formatted(SAMPLES), world.way.takeRequests());
      throughput(webhook, reviews);
      throughput(webhook, reviews);
      row("RSS after that, MiB", ProcessMemory.mebibytes(webhook.pid(), "VmRSS"));
    }
  }

  private void throughput(RefereeProcess webhook, List<byte[]> reviews) throws Exception {
    var before = cpu(webhook);
    var load =
        Load.run(
            CLIENTS,
            () -> new ReviewConnection(world.tls(), webhook.uri(), VALIDATE),
            reviews,
            AdmissionBenchmark::expectAllowed);
    row("raw, %d clients, admissions/s".formatted(CLIENTS), load.perSecond());
    row("CPU ms each", cpu(webhook).minus(before).toNanos() / 1e6 / load.answered());
  }

  @Test
  @Order(2)
  void cold() throws Exception {
    var warmUp = push("cold-warm-up", Evidence.SIGNATURE_AND_SIGNED_SBOM, COLD_WARM_UP);
    cold(warmUp, Evidence.SIGNATURE, false, "signature");
    cold(warmUp, Evidence.SIGNATURE_AND_ATTESTED_SBOM, true, "signature and attested SBOM");
    cold(
        warmUp,
        Evidence.SIGNATURE_AND_SIGNED_SBOM,
        true,
        "signature and SBOM with its own signature");
    cold(
        warmUp, Evidence.TWENTY_FOREIGN_SIGNATURES_AND_ONE, false, "20 foreign signatures and one");
  }

  /// @param warmUp warms connections and the JIT, not what is known of the images that follow
  private void cold(List<byte[]> warmUp, Evidence evidence, boolean sbom, String what)
      throws Exception {
    var name = evidence.name().toLowerCase(Locale.ROOT).replace('_', '-');
    int count = evidence == Evidence.TWENTY_FOREIGN_SIGNATURES_AND_ONE ? COLD / 3 : COLD;
    var near = push(name, evidence, count);
    var far = push(name + "-far", evidence, 20);
    try (var webhook = world.webhook(sbom);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      measure(connection, warmUp, warmUp.size());
      world.way.takeRequests();
      row("raw, cold, %s: p50 / p95 ms".formatted(what), measure(connection, near, count));
      row("registry requests each", world.way.takeRequests() / (double) count);
      world.way.delay(Duration.ofMillis(20));
      row("the same, 20 ms away: p50 / p95 ms", measure(connection, far, far.size()));
    } finally {
      world.way.delay(Duration.ZERO);
    }
  }

  private List<byte[]> push(String name, Evidence evidence, int count) throws Exception {
    try (var pushers = Executors.newFixedThreadPool(CLIENTS)) {
      var images = new ArrayList<Callable<byte[]>>();
      for (int i = 0; i < count; i++) {
        var pod = "pod-" + i;
        var image = "%s-%d".formatted(name, i);
        images.add(() -> ReviewConnection.review(pod, world.push(image, evidence)));
      }
      var reviews = new ArrayList<byte[]>();
      for (var pushed : pushers.invokeAll(images)) {
        reviews.add(pushed.get());
      }
      return reviews;
    }
  }

  @Test
  @Order(3)
  void tenImages() throws Exception {
    var images = new String[10];
    for (int i = 0; i < images.length; i++) {
      images[i] = world.push("ten-" + i, Evidence.FIVE_REFERRERS);
    }
    var reviews = List.of(ReviewConnection.review("ten", images));
    try (var webhook = world.webhook(true);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      measure(connection, reviews, SAMPLES);
      row(
          "a pod with 10 images of 5 referrers each, warm: p50 / p95 ms",
          measure(connection, reviews, 2_000));
    }
  }

  @Test
  @Order(4)
  void hangingRegistry() throws Exception {
    var seen = ReviewConnection.review("seen", world.push("seen", Evidence.SIGNATURE));
    var fresh = ReviewConnection.review("fresh", world.push("fresh", Evidence.SIGNATURE));
    try (var webhook = world.webhook(false);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      measure(connection, List.of(seen), 1_000);
      world.way.block(true);
      long begun = System.nanoTime();
      var answer = connection.ask(fresh);
      row("a registry that hangs, new digest: verdict after ms", millisSince(begun));
      assertThat(answer).contains("\"allowed\":false", "REGISTRY_TIMEOUT");
      row("the same, seen digest: p50 / p95 ms", measure(connection, List.of(seen), 1_000));
      world.way.block(false);
      begun = System.nanoTime();
      expectAllowed(connection.ask(fresh));
      row("first admission after it, right: ms", millisSince(begun));
    } finally {
      world.way.block(false);
    }
  }

  @Test
  @Order(5)
  void start10000() throws Exception {
    var image = world.push("start", Evidence.SIGNATURE_AND_ATTESTED_SBOM);
    var starts = new ArrayList<Long>();
    for (int i = 0; i < 5; i++) {
      long begun = System.nanoTime();
      try (var webhook = world.webhook(true);
          var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
        expectAllowed(connection.ask(ReviewConnection.review("first", image)));
        starts.add(System.nanoTime() - begun);
      }
    }
    row("start until the first right verdict, no AOT cache: p50 / p95 ms", new Times(starts));
    try (var webhook = world.webhook(true);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      for (int i = 0; i < 10_000; i++) {
        expectAllowed(connection.ask(ReviewConnection.review("pod-" + i, image)));
      }
      row("RSS after 10,000 distinct pods, MiB", ProcessMemory.mebibytes(webhook.pid(), "VmRSS"));
    }
  }

  /// Created with `dryRun=All`, as the peers were measured; both webhooks are asked.
  @Test
  @Order(6)
  void throughTheApiServer(Cluster cluster) throws Exception {
    var images = new ArrayList<String>();
    for (int i = 0; i < IMAGES; i++) {
      images.add(world.push("api-" + i, Evidence.SIGNATURE_AND_ATTESTED_SBOM));
    }
    try (var api = new ApiServer(cluster)) {
      var pods = api.pods(images);
      row("through the API server, no webhook: p50 / p95 ms", measure(api, pods, 2 * COLD));
      try (var webhook = world.webhook(true)) {
        api.ask(webhook, world.authorityPem());
        // Until the API server has learned of it, and the JIT is warm.
        measure(api, pods, SAMPLES);
        world.way.takeRequests();
        row("through the API server, both webhooks: p50 / p95 ms", measure(api, pods, COLD * 10));
        row("registry requests of these %d".formatted(COLD * 10), world.way.takeRequests());
        var load = Load.run(CLIENTS, api::connect, pods, AdmissionBenchmark::expectCreated);
        row("the same, %d clients, admissions/s".formatted(CLIENTS), load.perSecond());
        api.forget();
      }
    }
  }

  private static Times measure(ApiServer api, List<byte[]> pods, int count) throws IOException {
    try (var connection = api.connect()) {
      return measure(connection, pods, count, AdmissionBenchmark::expectCreated);
    }
  }

  private static Times measure(ReviewConnection connection, List<byte[]> reviews, int count)
      throws IOException {
    return measure(connection, reviews, count, AdmissionBenchmark::expectAllowed);
  }

  /// Asks one after the other, and insists on the right answer.
  private static Times measure(
      ReviewConnection connection, List<byte[]> reviews, int count, Consumer<String> expected)
      throws IOException {
    var times = new ArrayList<Long>(count);
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      var answer = connection.ask(reviews.get(i % reviews.size()));
      times.add(System.nanoTime() - begun);
      expected.accept(answer);
    }
    return new Times(times);
  }

  private static void expectAllowed(String answer) {
    if (!answer.contains("\"allowed\":true")) {
      throw new AssertionError("not allowed: " + answer);
    }
  }

  private static void expectCreated(String answer) {
    if (!answer.contains("\"kind\":\"Pod\"")) {
      throw new AssertionError("not created: " + answer);
    }
  }

  private static double millisSince(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  private static Duration cpu(RefereeProcess process) {
    return ProcessHandle.of(process.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }

  private void row(String what, Object value) {
    var text =
        value instanceof Double number
            ? String.format(Locale.ROOT, number < 10 ? "%.2f" : "%.0f", number)
            : value.toString();
    rows.add("| %s | %s |".formatted(what, text));
    CONSOLE.say("%s: %s".formatted(what, text));
  }
}
