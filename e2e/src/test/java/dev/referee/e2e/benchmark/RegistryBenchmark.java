package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.tools.Console;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the registry does beside the one that most others are measured by, over a folder and
/// without TLS. Every answer is checked to be the right one; no time is asserted. Ends by itself:
/// each load lasts a fixed time, `REFEREE_BENCHMARK_SECONDS` or eight. Our JVM has the options of a
/// pod, or those of `REFEREE_BENCHMARK_JAVA_OPTIONS`.
class RegistryBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Console CONSOLE = Console.standard();
  private static final long SECONDS =
      Long.parseLong(System.getenv().getOrDefault("REFEREE_BENCHMARK_SECONDS", "8"));
  private static final String TYPE = "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";

  /// Without it, distribution has no such manifest.
  private static final String ACCEPT = TYPE.replace("Content-Type", "Accept");

  private static final byte[] NOTHING = {};
  private static final String OCTETS = "Content-Type: application/octet-stream\r\n";

  private static final int REFERRERS = 100;
  private static final int MANY = 100_000;
  private static final int PUSHERS = 8;
  private static final int SMALL_BLOB = 1 << 20;
  private static final long LARGE_BLOB = SECONDS < 8 ? 64L << 20 : 1L << 30;

  @TempDir private Path folder;

  @Test
  void compares() throws Exception {
    CONSOLE.say("| registry | what | measured |");
    CONSOLE.say("|---|---|---|");
    var writes = BareWrites.measure(folder, PUSHERS, SMALL_BLOB, Duration.ofSeconds(SECONDS));
    CONSOLE.say(
        "| no registry | the writes of a push of 1 MiB, 8 writers | %.0f /s |".formatted(writes));
    measure(() -> RegistryUnderLoad.referee(folder, folder.resolve("referee")));
    measure(() -> RegistryUnderLoad.distribution(folder));
  }

  private void measure(Callable<RegistryUnderLoad> start) throws Exception {
    try (var registry = start.call()) {
      row(registry, "start", registry.start().toMillis() + " ms");
      row(registry, "RSS idle", registry.mebibytes("VmRSS") + " MiB");
      try (var connection = registry.connect()) {
        upload(connection, "bench/few", "{}".getBytes(UTF_8));
        put(connection, "bench/few", "v1", manifest("subject", null)).expect(201);
      }
      load(
          registry,
          "HEAD of a manifest by tag, 16 connections",
          16,
          (connection, _) ->
              connection.send("HEAD", "/v2/bench/few/manifests/v1", ACCEPT, NOTHING).expect(200));
      if (registry.referrers()) {
        readReferrers(registry, "bench/few", 10);
        seed(folder.resolve("referee"), "bench/many");
        readReferrers(registry, "bench/many", MANY);
        writeReferrers(registry);
      } else {
        row(registry, "referrers", "has none");
      }
      pushSmall(registry);
      pullLarge(registry);
      row(
          registry,
          "RSS after all of it (highest)",
          "%d (%d) MiB".formatted(registry.mebibytes("VmRSS"), registry.mebibytes("VmHWM")));
    }
  }

  private void readReferrers(RegistryUnderLoad registry, String repository, int manifests)
      throws Exception {
    var subject = manifest("subject of " + repository, null);
    try (var connection = registry.connect()) {
      put(connection, repository, "v1", subject).expect(201);
      for (int i = 0; i < REFERRERS; i++) {
        var referrer = manifest("type-" + i, subject);
        put(connection, repository, Digest.of(referrer).toString(), referrer).expect(201);
      }
      var list = list(connection, repository, subject);
      assertThat(list).hasSize(REFERRERS);
    }
    var path = "/v2/%s/referrers/%s".formatted(repository, Digest.of(subject));
    load(
        registry,
        "GET of 100 referrers, about %d manifests beside, 16 connections".formatted(manifests),
        16,
        (connection, _) -> connection.send("GET", path).expect(200));
  }

  private void writeReferrers(RegistryUnderLoad registry) throws Exception {
    var subject = manifest("subject of many writers", null);
    try (var connection = registry.connect()) {
      put(connection, "bench/few", "busy", subject).expect(201);
    }
    var acknowledged = Collections.synchronizedSet(new HashSet<String>());
    var next = new AtomicInteger();
    load(
        registry,
        "PUT of a referrer of one subject, 16 writers",
        16,
        (connection, _) -> {
          var referrer = manifest("written-" + next.getAndIncrement(), subject);
          var digest = Digest.of(referrer).toString();
          put(connection, "bench/few", digest, referrer).expect(201);
          acknowledged.add(digest);
        });
    try (var connection = registry.connect()) {
      // One page has ten thousand, whatever was written in this time.
      var listed = list(connection, "bench/few", subject);
      assertThat(listed).hasSize(Math.min(acknowledged.size(), 10_000));
      assertThat(acknowledged).containsAll(listed);
      row(
          registry,
          "referrers acknowledged and listed",
          "%d of %d".formatted(listed.size(), acknowledged.size()));
    }
  }

  /// Manifests of other pushes, which reading referrers must not look at. Written as files: pushing
  /// them takes minutes and makes nothing else of them.
  private static void seed(Path root, String repository) throws IOException {
    var beside =
        Files.createDirectories(
            root.resolve("objects/m").resolve(repository.replace('/', '~')).resolve("sha256"));
    var random = new Random(7);
    var content = "{}\n{}".getBytes(UTF_8);
    for (int i = 0; i < MANY; i++) {
      var bytes = new byte[32];
      random.nextBytes(bytes);
      Files.write(beside.resolve(java.util.HexFormat.of().formatHex(bytes)), content);
    }
  }

  private void pushSmall(RegistryUnderLoad registry) throws Exception {
    var pushes = new AtomicInteger();
    var base = new byte[SMALL_BLOB];
    new Random(5).nextBytes(base);
    load(
        registry,
        "push of a blob of 1 MiB (POST, PUT), 8 connections",
        PUSHERS,
        (connection, _) -> {
          // Another blob each time, at little cost beside the registry.
          var content = base.clone();
          ByteBuffer.wrap(content).putInt(pushes.getAndIncrement());
          upload(connection, "bench/few", content);
        });
  }

  private void pullLarge(RegistryUnderLoad registry) throws Exception {
    var piece = new byte[SMALL_BLOB];
    new Random(3).nextBytes(piece);
    var hasher = dev.referee.oci.DigestAlgorithm.SHA256.newHasher();
    long pieces = LARGE_BLOB / SMALL_BLOB;
    for (long i = 0; i < pieces; i++) {
      hasher.update(piece);
    }
    var digest = Digest.ofHasher(dev.referee.oci.DigestAlgorithm.SHA256, hasher);
    try (var connection = registry.connect()) {
      long began = System.nanoTime();
      var place = connection.send("POST", "/v2/bench/few/blobs/uploads/").expect(202).location();
      connection
          .send(
              "PUT",
              place + (place.contains("?") ? "&" : "?") + "digest=" + digest,
              OCTETS,
              LARGE_BLOB,
              out -> {
                for (long i = 0; i < pieces; i++) {
                  out.write(piece);
                }
              })
          .expect(201);
      row(registry, "push of a blob of %d MiB".formatted(pieces), rate(began));
      began = System.nanoTime();
      var answer = connection.send("GET", "/v2/bench/few/blobs/" + digest).expect(200);
      assertThat(answer.bytes()).isEqualTo(LARGE_BLOB);
      row(registry, "pull of a blob of %d MiB".formatted(pieces), rate(began));
    }
  }

  private static String rate(long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(
        Locale.ROOT, "%.2f s, %.0f MiB/s", seconds, LARGE_BLOB / seconds / (1 << 20));
  }

  /// One request, or what belongs together.
  @FunctionalInterface
  private interface Work {
    void run(KeepAlive connection, int worker) throws IOException;
  }

  /// Does it again and again on so many connections.
  private void load(RegistryUnderLoad registry, String what, int connections, Work work)
      throws Exception {
    // Once as long for the compiler of a JVM, or for the caches of whoever has some.
    run(registry, connections, work, Duration.ofSeconds(Math.max(1, SECONDS / 4)));
    var began = System.nanoTime();
    var times = run(registry, connections, work, Duration.ofSeconds(SECONDS));
    double seconds = (System.nanoTime() - began) / 1e9;
    row(
        registry,
        what,
        String.format(
            Locale.ROOT,
            "%.0f /s, p50 / p95 %s ms, p99 %.2f ms",
            times.size() / seconds,
            new Times(times),
            new Times(times).millis(0.99)));
  }

  private static List<Long> run(
      RegistryUnderLoad registry, int connections, Work work, Duration time) throws Exception {
    try (var executor = Executors.newFixedThreadPool(connections)) {
      var workers = new ArrayList<Callable<List<Long>>>();
      long end = System.nanoTime() + time.toNanos();
      for (int worker = 0; worker < connections; worker++) {
        int number = worker;
        workers.add(
            () -> {
              var times = new ArrayList<Long>();
              try (var connection = registry.connect()) {
                for (long now = System.nanoTime(); now < end; ) {
                  work.run(connection, number);
                  long after = System.nanoTime();
                  times.add(after - now);
                  now = after;
                }
              }
              return times;
            });
      }
      var all = new ArrayList<Long>();
      for (var done : executor.invokeAll(workers)) {
        all.addAll(done.get());
      }
      return all;
    }
  }

  private static void upload(KeepAlive connection, String repository, byte[] content)
      throws IOException {
    var place =
        connection
            .send("POST", "/v2/%s/blobs/uploads/".formatted(repository))
            .expect(202)
            .location();
    var target = place + (place.contains("?") ? "&" : "?") + "digest=" + Digest.of(content);
    connection.send("PUT", target, OCTETS, content).expect(201);
  }

  private static KeepAlive.Answer put(
      KeepAlive connection, String repository, String reference, byte[] manifest)
      throws IOException {
    return connection.send(
        "PUT", "/v2/%s/manifests/%s".formatted(repository, reference), TYPE, manifest);
  }

  private static List<String> list(KeepAlive connection, String repository, byte[] subject)
      throws IOException {
    var answer =
        connection
            .send("GET", "/v2/%s/referrers/%s".formatted(repository, Digest.of(subject)))
            .expect(200);
    var listed = new ArrayList<String>();
    JSON.readTree(answer.body())
        .path("manifests")
        .forEach(entry -> listed.add(entry.path("digest").asText()));
    return listed;
  }

  private static byte[] manifest(
      String artifactType, byte @org.jspecify.annotations.Nullable [] subject) {
    var node = JSON.createObjectNode();
    node.put("schemaVersion", 2)
        .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
        .put("artifactType", "application/" + artifactType.replace(' ', '-').replace('/', '-'));
    var empty = Descriptor.EMPTY_JSON;
    node.putObject("config")
        .put("mediaType", empty.mediaType().value())
        .put("digest", empty.digest().toString())
        .put("size", empty.size());
    node.putArray("layers");
    if (subject != null) {
      node.putObject("subject")
          .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
          .put("digest", Digest.of(subject).toString())
          .put("size", subject.length);
    }
    return node.toString().getBytes(UTF_8);
  }

  /// At once: what was measured is not lost to what fails later.
  private static void row(RegistryUnderLoad registry, String what, String measured) {
    CONSOLE.say("| %s | %s | %s |".formatted(registry.name(), what, measured));
  }
}
