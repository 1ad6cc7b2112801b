package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed (`kill -9`) while many push to it: what it has acknowledged is there
/// when the next one starts, and nothing half is.
class KillIT {
  private static final int ROUNDS = Soak.rounds(3);
  private static final int WRITERS = 6;

  /// It dies once it has acknowledged so many pushes, in the middle of others.
  private static final int ACKNOWLEDGED = 12;

  private record Pushed(Descriptor subject, Descriptor referrer, Digest layer) {}

  private static final int REPLICAS = 3;
  private static final int MANY_WRITERS = 16;
  private static final int KILLS = Soak.rounds(2);

  @TempDir Path root;
  private final AtomicInteger names = new AtomicInteger();

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    Queue<Pushed> acknowledged = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < ROUNDS; round++) {
      killWhilePushing(acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * ACKNOWLEDGED);

    assertKept(acknowledged);
  }

  /// Registries that share a folder, of which one after the other is killed while the others go on
  /// and all collect.
  @Test
  void losesNothingOfManyWritersOnThreeReplicas() throws Exception {
    Queue<Pushed> acknowledged = new ConcurrentLinkedQueue<>();
    var done = new AtomicBoolean();
    var uris = new CopyOnWriteArrayList<URI>();
    var processes = new ArrayList<Process>();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int i = 0; i < REPLICAS; i++) {
          processes.add(startRegistry());
          uris.add(uri(processes.getLast()));
        }
        List<Future<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < MANY_WRITERS; i++) {
          int first = i;
          writers.add(
              executor.submit(
                  () -> {
                    for (int turn = first; !done.get(); turn++) {
                      // Until that one is gone; then another.
                      pushUntil(client, uris.get(turn % REPLICAS), acknowledged, done);
                    }
                    return true;
                  }));
        }
        for (int kill = 0; kill < KILLS; kill++) {
          int enough = acknowledged.size() + 2 * MANY_WRITERS;
          Awaitility.await()
              .atMost(Duration.ofMinutes(5))
              .until(() -> acknowledged.size() >= enough);
          int dying = kill % REPLICAS;
          processes.get(dying).destroyForcibly().waitFor();
          processes.set(dying, startRegistry());
          uris.set(dying, uri(processes.get(dying)));
        }
        done.set(true);
        for (var writer : writers) {
          assertThat(writer.get()).isTrue();
        }
      } finally {
        done.set(true);
        processes.forEach(Process::destroyForcibly);
      }
    }
    assertKept(acknowledged);
  }

  private void pushUntil(HttpClient client, URI uri, Queue<Pushed> acknowledged, AtomicBoolean done)
      throws InterruptedException {
    try {
      while (!done.get()) {
        acknowledged.add(push(client, uri));
      }
    } catch (IOException e) {
      // Killed, as it should be.
    }
  }

  private void assertKept(Queue<Pushed> acknowledged) throws Exception {
    try (var registry = TestRegistry.start(root)) {
      for (var pushed : acknowledged) {
        registry.get("/v2/a/manifests/" + pushed.subject().digest()).hasStatus(200);
        registry.get("/v2/a/manifests/" + pushed.referrer().digest()).hasStatus(200);
        var blob = registry.get("/v2/a/blobs/" + pushed.layer()).hasStatus(200);
        assertThat(Digest.of(blob.bytes())).isEqualTo(pushed.layer());
        assertThat(referrers(registry, pushed.subject().digest()))
            .contains(pushed.referrer().digest().toString());
      }
      // Whatever a tag points at is whole, acknowledged or not.
      for (var tag : registry.get("/v2/a/tags/list").json().path("tags")) {
        var manifest = registry.get("/v2/a/manifests/" + tag.asText()).hasStatus(200);
        for (var layer : manifest.json().path("layers")) {
          var blob = registry.get("/v2/a/blobs/" + layer.path("digest").asText()).hasStatus(200);
          assertThat(Digest.of(blob.bytes()).toString()).isEqualTo(layer.path("digest").asText());
        }
      }
    }
  }

  private void killWhilePushing(Queue<Pushed> acknowledged) throws Exception {
    var process = startRegistry();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var uri = uri(process);
      var enough = new CountDownLatch(ACKNOWLEDGED);
      List<Future<Boolean>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(executor.submit(() -> pushUntilItIsGone(client, uri, acknowledged, enough)));
      }
      enough.await();
      process.destroyForcibly();
      process.waitFor();
      for (var writer : writers) {
        assertThat(writer.get()).isTrue();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private Process startRegistry() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            KilledRegistry.class.getName(),
            root.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Behind what it logs.
  private static URI uri(Process process) throws IOException {
    // Read to its end, or what it logs would make it wait. Its end is the end of the process.
    var out = process.inputReader(UTF_8);
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("http://")) {
        var _ = Thread.startVirtualThread(() -> out.lines().forEach(_ -> {}));
        return URI.create(line);
      }
    }
    throw new IOException("the registry did not start");
  }

  private boolean pushUntilItIsGone(
      HttpClient client, URI uri, Queue<Pushed> acknowledged, CountDownLatch enough)
      throws InterruptedException {
    try {
      while (true) {
        acknowledged.add(push(client, uri));
        enough.countDown();
      }
    } catch (IOException e) {
      // Killed, as it should be.
      return true;
    }
  }

  private Pushed push(HttpClient client, URI uri) throws IOException, InterruptedException {
    int name = names.incrementAndGet();
    var layer = ("layer " + name).repeat(2000).getBytes(UTF_8);
    var digest = Digest.of(layer);
    send(client, uri, "POST", "/v2/a/blobs/uploads/?digest=" + digest, layer);
    var subject =
        TestManifest.image(
            Descriptor.EMPTY_JSON, Descriptor.of(MediaType.of("application/octet-stream"), layer));
    send(client, uri, "PUT", "/v2/a/manifests/t" + name, subject.bytes());
    var referrer = TestManifest.artifact("application/sig-" + name).subject(subject.descriptor());
    send(client, uri, "PUT", "/v2/a/manifests/" + referrer.digest(), referrer.bytes());
    return new Pushed(subject.descriptor(), referrer.descriptor(), digest);
  }

  private static void send(HttpClient client, URI uri, String method, String path, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri.resolve(path))
            .header("Content-Type", MediaType.OCI_MANIFEST.value())
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(201);
  }

  private static Set<String> referrers(TestRegistry registry, Digest subject) throws Exception {
    var found = new HashSet<String>();
    registry
        .referrers("a", subject)
        .path("manifests")
        .forEach(entry -> found.add(entry.path("digest").asText()));
    return found;
  }
}
