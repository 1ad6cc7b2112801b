package dev.referee.e2e.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.registry.CollectionSchedule;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.RegistryStorage;
import dev.referee.registry.Soak;
import dev.referee.registry.content.CollectionPolicy;
import dev.referee.server.ListenAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Three registries over one bucket that know nothing of each other: whatever one has acknowledged,
/// all serve, and any of them goes on with what another began.
@WithClients
class S3ReplicasE2E {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NOTHING = {};

  private static final int WRITERS = 9;
  private static final int SIGNATURES = Soak.rounds(8);

  /// All three at once, and all the time: they never agree on who does.
  private static final CollectionSchedule COLLECTION =
      new CollectionSchedule(
          new CollectionPolicy(CollectionPolicy.MIN_GRACE, CollectionPolicy.MIN_GRACE, false),
          Duration.ofSeconds(1));

  private static final List<Registry> REPLICAS = new ArrayList<>();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static S3Service service;

  @BeforeAll
  static void start() throws Exception {
    service = S3Service.start(GoBuilds.standard());
    for (int i = 0; i < 3; i++) {
      // Which folder it would be does not matter: the store is given.
      var config =
          RegistryConfig.of(
                  new RegistryStorage.Folder(Path.of("unused")), new ListenAddress("127.0.0.1", 0))
              .collection(COLLECTION)
              .build();
      REPLICAS.add(Registry.start(config, service.open("replicas")));
    }
  }

  @AfterAll
  static void stop() {
    REPLICAS.forEach(Registry::close);
    CLIENT.close();
    service.close();
  }

  /// Every request of one upload goes to another replica, as behind a balancer without memory.
  @Test
  void goesOnWithAnUploadThatAnotherBegan() throws Exception {
    var content = new byte[20 << 20];
    new Random(7).nextBytes(content);
    var place = send(0, "POST", "/v2/a/b/blobs/uploads/", NOTHING).headers();
    var path = place.firstValue("Location").orElseThrow();
    int replica = 1;
    for (int sent = 0; sent < content.length; replica++) {
      int length = Math.min(content.length - sent, 3_500_000);
      var answer =
          send(
              replica,
              "PATCH",
              path,
              Arrays.copyOfRange(content, sent, sent + length),
              "Content-Range",
              "%d-%d".formatted(sent, sent + length - 1));
      assertThat(answer.statusCode()).isEqualTo(202);
      sent += length;
    }
    var digest = Digest.of(content);
    assertThat(send(replica, "PUT", path + "?digest=" + digest, NOTHING).statusCode())
        .isEqualTo(201);

    for (int i = 0; i < 3; i++) {
      var blob = "/v2/a/b/blobs/" + digest;
      assertThat(Digest.of(send(i, "GET", blob, NOTHING).body())).isEqualTo(digest);
      var range = send(i, "GET", blob, NOTHING, "Range", "bytes=8388600-8388620");
      assertThat(range.statusCode()).isEqualTo(206);
      assertThat(range.body()).isEqualTo(Arrays.copyOfRange(content, 8388600, 8388621));
      assertThat(send(i, "GET", path, NOTHING).statusCode()).isEqualTo(404);
    }
    // A last piece that is not what was promised leaves the upload where it was.
    var second = send(0, "POST", "/v2/a/b/blobs/uploads/", NOTHING).headers();
    var wrong = second.firstValue("Location").orElseThrow();
    assertThat(send(1, "PUT", wrong + "?digest=" + digest, "no".getBytes(UTF_8)).statusCode())
        .isEqualTo(400);
    assertThat(send(2, "DELETE", wrong, NOTHING).statusCode()).isEqualTo(204);
    assertThat(send(0, "GET", wrong, NOTHING).statusCode()).isEqualTo(404);
  }

  /// Others lose half of what they acknowledged with two writers in one process.
  @Test
  void losesNoReferrerOfManyWritersOnThreeReplicas() throws Exception {
    var subject = push(0, "v1", manifest("application/subject", null));
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers =
          IntStream.range(0, WRITERS)
              .<Callable<Boolean>>mapToObj(
                  writer ->
                      () -> {
                        for (int i = 0; i < SIGNATURES; i++) {
                          var signature =
                              manifest("application/sig-%d-%d".formatted(writer, i), subject);
                          var pushed = push(writer, Digest.of(signature).toString(), signature);
                          acknowledged.add(pushed.digest().toString());
                        }
                        return true;
                      })
              .toList();
      for (var writer : executor.invokeAll(writers)) {
        assertThat(writer.get()).isTrue();
      }
    }

    assertThat(acknowledged).hasSize(WRITERS * SIGNATURES);
    for (int i = 0; i < 3; i++) {
      assertThat(referrers(i, subject.digest())).isEqualTo(acknowledged);
    }
  }

  /// A tag moved or deleted at one replica is so at once at the others, whatever they remember.
  @Test
  void servesNothingOfAMemoryThatIsOld() throws Exception {
    var one = push(0, "moving", manifest("application/one", null));
    for (int i = 0; i < 3; i++) {
      assertThat(digestOf(i, "moving")).isEqualTo(one.digest().toString());
    }
    var two = push(1, "moving", manifest("application/two", null));
    for (int i = 0; i < 3; i++) {
      assertThat(digestOf(i, "moving")).isEqualTo(two.digest().toString());
    }
    assertThat(send(2, "DELETE", "/v2/a/b/manifests/" + two.digest(), NOTHING).statusCode())
        .isEqualTo(202);
    for (int i = 0; i < 3; i++) {
      assertThat(send(i, "GET", "/v2/a/b/manifests/moving", NOTHING).statusCode()).isEqualTo(404);
      assertThat(send(i, "GET", "/v2/a/b/manifests/" + two.digest(), NOTHING).statusCode())
          .isEqualTo(404);
    }
  }

  /// A change that names what it was made from is lost at no replica, and makes nobody's undone.
  @Test
  void losesNoConditionalChangeOfATag() throws Exception {
    push(0, "counter", manifest("application/n-0", null));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers =
          IntStream.range(0, 6)
              .<Callable<Integer>>mapToObj(writer -> () -> countUp(writer, 4))
              .toList();
      for (var writer : executor.invokeAll(writers)) {
        assertThat(writer.get()).isEqualTo(4);
      }
    }
    assertThat(digestOf(0, "counter"))
        .isEqualTo(Digest.of(manifest("application/n-24", null)).toString());
    var fresh = manifest("application/fresh", null);
    assertThat(putIf(1, "counter", fresh, "If-None-Match", "*")).isEqualTo(412);
    assertThat(putIf(2, "fresh", fresh, "If-None-Match", "*")).isEqualTo(201);
  }

  private static int countUp(int writer, int times) throws Exception {
    int done = 0;
    for (int look = writer; done < times; look++) {
      var seen = send(look, "GET", "/v2/a/b/manifests/counter", NOTHING);
      var type = JSON.readTree(seen.body()).path("artifactType").asText();
      int next = Integer.parseInt(type.substring(type.lastIndexOf('-') + 1)) + 1;
      var etag = seen.headers().firstValue("ETag").orElseThrow();
      var changed = manifest("application/n-" + next, null);
      if (putIf(look + 1, "counter", changed, "If-Match", etag) == 201) {
        done++;
      }
    }
    return done;
  }

  private static int putIf(int replica, String tag, byte[] manifest, String header, String value)
      throws Exception {
    return send(
            replica,
            "PUT",
            "/v2/a/b/manifests/" + tag,
            manifest,
            "Content-Type",
            MediaType.OCI_MANIFEST.value(),
            header,
            value)
        .statusCode();
  }

  private static String digestOf(int replica, String tag) throws Exception {
    return send(replica, "HEAD", "/v2/a/b/manifests/" + tag, NOTHING)
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElse("");
  }

  private static Set<String> referrers(int replica, Digest subject) throws Exception {
    var found = new HashSet<String>();
    JSON.readTree(send(replica, "GET", "/v2/a/b/referrers/" + subject, NOTHING).body())
        .path("manifests")
        .forEach(entry -> found.add(entry.path("digest").asText()));
    return found;
  }

  private static byte[] manifest(
      String artifactType, @org.jspecify.annotations.Nullable Descriptor subject) {
    var node = JSON.createObjectNode();
    node.put("schemaVersion", 2)
        .put("mediaType", MediaType.OCI_MANIFEST.value())
        .put("artifactType", artifactType);
    node.putObject("config")
        .put("mediaType", Descriptor.EMPTY_JSON.mediaType().value())
        .put("digest", Descriptor.EMPTY_JSON.digest().toString())
        .put("size", 2);
    node.putArray("layers");
    if (subject != null) {
      node.putObject("subject")
          .put("mediaType", subject.mediaType().value())
          .put("digest", subject.digest().toString())
          .put("size", subject.size());
    }
    return node.toString().getBytes(UTF_8);
  }

  private static Descriptor push(int replica, String reference, byte[] manifest) throws Exception {
    var answer =
        send(
            replica,
            "PUT",
            "/v2/a/b/manifests/" + reference,
            manifest,
            "Content-Type",
            MediaType.OCI_MANIFEST.value());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(201);
    return Descriptor.of(MediaType.OCI_MANIFEST, manifest);
  }

  private static HttpResponse<byte[]> send(
      int replica, String method, String path, byte[] body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(REPLICAS.get(replica % 3).uri().resolve(path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
