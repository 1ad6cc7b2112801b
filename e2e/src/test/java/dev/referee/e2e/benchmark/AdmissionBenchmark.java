package dev.referee.e2e.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.benchmark.BenchmarkWorld.Evidence;
import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.tools.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdmissionBenchmark {
  private static final int IMAGES = 30;
  private static final int WARM_UP = 30_000;
  private static final int SAMPLES = 10_000;
  private static final int COLD = 300;
  private static final int CLIENTS = 8;
  private static final String VALIDATE = "/validate";
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
      row("RSS after that, MiB", rss(webhook));
    }
  }

  private void throughput(RefereeProcess webhook, List<byte[]> reviews) throws Exception {
    var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    var answered = new AtomicLong();
    var before = cpu(webhook);
    long begun = System.nanoTime();
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<?>>();
      for (int c = 0; c < CLIENTS; c++) {
        int first = c;
        Callable<Object> client =
            () -> {
              try (var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
                for (int i = first; System.nanoTime() < end; i++) {
                  expectAllowed(connection.ask(reviews.get(i % reviews.size())));
                  answered.incrementAndGet();
                }
              }
              return true;
            };
        running.add(clients.submit(client));
      }
      for (var client : running) {
        client.get();
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    row("raw, %d clients, admissions/s".formatted(CLIENTS), answered.get() / seconds);
    row("CPU ms each", cpu(webhook).minus(before).toNanos() / 1e6 / answered.get());
  }

  @Test
  @Order(2)
  void cold() throws Exception {
    cold(Evidence.SIGNATURE, false, "signature");
    cold(Evidence.SIGNATURE_AND_ATTESTED_SBOM, true, "signature and attested SBOM");
    cold(Evidence.SIGNATURE_AND_SIGNED_SBOM, true, "signature and SBOM with its own signature");
    cold(Evidence.TWENTY_FOREIGN_SIGNATURES_AND_ONE, false, "20 foreign signatures and one");
  }

  private void cold(Evidence evidence, boolean sbom, String what) throws Exception {
    var name = evidence.name().toLowerCase(Locale.ROOT).replace('_', '-');
    int count = evidence == Evidence.TWENTY_FOREIGN_SIGNATURES_AND_ONE ? COLD / 3 : COLD;
    try (var webhook = world.webhook(sbom);
        var connection = new ReviewConnection(world.tls(), webhook.uri(), VALIDATE)) {
      // Warms connections and the JIT, not what is known of the images that follow.
      measure(connection, push(name + "-warm-up", evidence, count), count);
      var reviews = push(name, evidence, count);
      world.way.takeRequests();
      row("raw, cold, %s: p50 / p95 ms".formatted(what), measure(connection, reviews, count));
      row("registry requests each", world.way.takeRequests() / (double) count);
      world.way.delay(Duration.ofMillis(20));
      var far = push(name + "-far", evidence, 20);
      row("the same, 20 ms away: p50 / p95 ms", measure(connection, far, far.size()));
      world.way.delay(Duration.ZERO);
    }
  }

  private List<byte[]> push(String name, Evidence evidence, int count) throws Exception {
    var reviews = new ArrayList<byte[]>();
    for (int i = 0; i < count; i++) {
      reviews.add(
          ReviewConnection.review("pod-" + i, world.push("%s-%d".formatted(name, i), evidence)));
    }
    return reviews;
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
      assertThat(answer).contains("\"allowed\":false").contains("UNDECIDED");
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
      row("RSS after 10,000 distinct pods, MiB", rss(webhook));
    }
  }

  /// Asks one after the other, and insists on the right answer.
  private static Times measure(ReviewConnection connection, List<byte[]> reviews, int count)
      throws IOException {
    var times = new ArrayList<Long>(count);
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      var answer = connection.ask(reviews.get(i % reviews.size()));
      times.add(System.nanoTime() - begun);
      expectAllowed(answer);
    }
    return new Times(times);
  }

  private static void expectAllowed(String answer) {
    if (!answer.contains("\"allowed\":true")) {
      throw new AssertionError("not allowed: " + answer);
    }
  }

  private static double millisSince(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  private static Duration cpu(RefereeProcess process) {
    return ProcessHandle.of(process.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }

  private static double rss(RefereeProcess process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow()
          / 1024.0;
    }
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
