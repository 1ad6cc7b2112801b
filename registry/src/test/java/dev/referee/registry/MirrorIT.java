package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.access.MovingClock;
import dev.referee.registry.mirror.Upstreams;
import dev.referee.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A mirror over real sockets: of our own registry, and of servers that answer as a test says.
class MirrorIT {
  private static final String THERE = "acme/cart";
  private static final String HERE = "hub/cart";
  private static final Duration FRESH = Duration.ofMinutes(5);

  @TempDir private Path there;
  @TempDir private Path here;
  @TempDir private Path files;

  private final MovingClock clock = new MovingClock();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void bringsWhatIsPulledAndServesItWhenTheUpstreamIsGone() throws Exception {
    var upstream = TestRegistry.start(there);
    var image = upstream.pushImage(THERE, "v1");
    var manifest = upstream.get("/v2/%s/manifests/v1".formatted(THERE));
    var layer = Digest.parse(manifest.json().at("/layers/0/digest").asText());
    var sbom = upstream.push(THERE, TestManifest.artifact("text/sbom").subject(image));
    var signature = upstream.push(THERE, TestManifest.artifact("text/signature").subject(sbom));
    var legacy = image.digest().tagForm() + ".sig";
    upstream.push(THERE, legacy, TestManifest.artifact("text/legacy"));
    var mirror = mirror(upstream.uri().getAuthority());

    var pulled = mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(200);

    assertThat(pulled.bytes()).isEqualTo(manifest.bytes());
    assertThat(pulled.header("Content-Type")).isEqualTo(manifest.header("Content-Type"));
    mirror.get("/v2/%s/blobs/%s".formatted(HERE, layer)).hasStatus(200);
    // In the background, without anybody asking: the list of tags is what is here.
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(mirror.get("/v2/%s/tags/list".formatted(HERE)).text()).contains(legacy));
    assertThat(digests(mirror, image.digest())).containsExactly(sbom.digest().toString());
    assertThat(digests(mirror, sbom.digest())).containsExactly(signature.digest().toString());

    upstream.close();
    clock.advance(FRESH.plusSeconds(1));

    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(200);
    mirror.get("/v2/%s/manifests/%s".formatted(HERE, legacy)).hasStatus(200);
    mirror.get("/v2/%s/manifests/%s".formatted(HERE, image.digest())).hasStatus(200);
    assertThat(mirror.get("/v2/%s/blobs/%s".formatted(HERE, layer)).text())
        .isEqualTo("layer of v1");
    assertThat(digests(mirror, image.digest())).containsExactly(sbom.digest().toString());
    // What it never had it cannot tell, and never says that there is nothing.
    var unknown = Digest.of("unknown".getBytes(UTF_8));
    for (var path :
        List.of(
            "manifests/v2", "manifests/" + unknown, "blobs/" + unknown, "referrers/" + unknown)) {
      // The second is told what the first found out.
      for (int i = 0; i < 2; i++) {
        var answer = mirror.get("/v2/%s/%s".formatted(HERE, path)).refused(503, "UNAVAILABLE");
        assertThat(answer.header("Retry-After")).isNotEmpty();
      }
    }
  }

  /// The manifest is by digest, its blobs come one by one, and what refers to it without the image.
  @Test
  void bringsByDigestAndByHead() throws Exception {
    var upstream = started(TestRegistry.start(there));
    var image = upstream.pushImage(THERE, "v1");
    var sbom = upstream.push(THERE, TestManifest.artifact("text/sbom").subject(image));
    var mirror = mirror(upstream.uri().getAuthority());

    assertThat(digests(mirror, image.digest())).containsExactly(sbom.digest().toString());
    mirror.head("/v2/%s/manifests/%s".formatted(HERE, image.digest())).hasStatus(200);
    assertThat(mirror.get("/v2/%s/tags/list".formatted(HERE)).json().path("tags")).isEmpty();
    mirror.get("/v2/%s/manifests/v7".formatted(HERE)).refused(404, "MANIFEST_UNKNOWN");
    mirror
        .get("/v2/%s/blobs/%s".formatted(HERE, Digest.of("no".getBytes(UTF_8))))
        .refused(404, "BLOB_UNKNOWN");
    // The name alone is acme there.
    mirror.get("/v2/hub/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
  }

  @Test
  void looksAtATagAgainWhenItIsNoLongerFresh() throws Exception {
    var upstream = started(TestRegistry.start(there));
    var old = upstream.pushImage(THERE, "old");
    upstream
        .send(
            "PUT",
            "/v2/%s/manifests/v1".formatted(THERE),
            manifest(upstream, "old"),
            "Content-Type",
            MediaType.OCI_MANIFEST.value())
        .hasStatus(201);
    var mirror = mirror(upstream.uri().getAuthority());
    assertThat(tag(mirror)).isEqualTo(old.digest().toString());

    var fresh = upstream.pushImage(THERE, "fresh");
    upstream
        .send(
            "PUT",
            "/v2/%s/manifests/v1".formatted(THERE),
            manifest(upstream, "fresh"),
            "Content-Type",
            MediaType.OCI_MANIFEST.value())
        .hasStatus(201);

    assertThat(tag(mirror)).isEqualTo(old.digest().toString());
    clock.advance(FRESH.plusSeconds(1));
    assertThat(tag(mirror)).isEqualTo(fresh.digest().toString());
    // Gone there: who runs it still gets it here.
    upstream.delete("/v2/%s/manifests/v1".formatted(THERE)).hasStatus(202);
    clock.advance(FRESH.plusSeconds(1));
    assertThat(tag(mirror)).isEqualTo(fresh.digest().toString());
  }

  /// Evidence that comes later is there the second time somebody asks for it, at the latest.
  @Test
  void looksForReferrersAgainInTheBackground() throws Exception {
    var upstream = started(TestRegistry.start(there));
    var image = upstream.pushImage(THERE, "v1");
    upstream.push(THERE, TestManifest.artifact("text/sbom").subject(image));
    var mirror = mirror(upstream.uri().getAuthority());
    assertThat(digests(mirror, image.digest())).hasSize(1);
    upstream.push(THERE, TestManifest.artifact("text/signature").subject(image));
    assertThat(digests(mirror, image.digest())).hasSize(1);

    clock.advance(FRESH.plusSeconds(1));

    await()
        .atMost(60, SECONDS)
        .untilAsserted(() -> assertThat(digests(mirror, image.digest())).hasSize(2));
  }

  @Test
  void remembersShortlyWhatIsNotThere() throws Exception {
    var upstream = started(ScriptedServer.start());
    var mirror = mirror(upstream.host());
    var asked = "GET /v2/%s/manifests/v1".formatted(THERE);

    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(404);
    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(404);
    assertThat(upstream.lines()).filteredOn(asked::equals).hasSize(1);

    clock.advance(Duration.ofSeconds(16));
    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(404);
    assertThat(upstream.lines()).filteredOn(asked::equals).hasSize(2);
  }

  @Test
  void nothingIsStoredThatIsNotWhatItsDigestNames() throws Exception {
    var upstream = started(ScriptedServer.start());
    var wanted = TestManifest.artifact("text/wanted");
    var blob = Descriptor.of(MediaType.of("text/plain"), "wanted".getBytes(UTF_8));
    var manifestLine = "GET /v2/%s/manifests/%s".formatted(THERE, wanted.digest());
    var blobLine = "GET /v2/%s/blobs/%s".formatted(THERE, blob.digest());
    upstream.on(
        manifestLine,
        ScriptedServer.reply(
            200,
            TestManifest.artifact("text/other").bytes(),
            "Content-Type",
            MediaType.OCI_MANIFEST.value()));
    upstream.on(blobLine, ScriptedServer.reply(200, "another"));
    upstream.on(
        "GET /v2/%s/manifests/junk".formatted(THERE),
        ScriptedServer.reply(200, "{}", "Content-Type", MediaType.OCI_MANIFEST.value()));
    var mirror = mirror(upstream.host());
    var manifest = "/v2/%s/manifests/%s".formatted(HERE, wanted.digest());
    var content = "/v2/%s/blobs/%s".formatted(HERE, blob.digest());

    mirror.get(manifest).refused(503, "UNAVAILABLE");
    mirror.get(content).refused(503, "UNAVAILABLE");
    mirror.get("/v2/%s/manifests/junk".formatted(HERE)).refused(503, "UNAVAILABLE");

    upstream.on(
        manifestLine,
        ScriptedServer.reply(200, wanted.bytes(), "Content-Type", MediaType.OCI_MANIFEST.value()));
    upstream.on(blobLine, ScriptedServer.reply(200, "wanted"));
    clock.advance(Duration.ofSeconds(6));
    assertThat(mirror.get(manifest).hasStatus(200).bytes()).isEqualTo(wanted.bytes());
    assertThat(mirror.get(content).hasStatus(200).text()).isEqualTo("wanted");
  }

  @Test
  void bringsNoBlobAboveItsLimit() throws Exception {
    var upstream = started(ScriptedServer.start());
    var blob = Descriptor.of(MediaType.of("text/plain"), "eleven bytes".getBytes(UTF_8));
    upstream.on(
        "GET /v2/%s/blobs/%s".formatted(THERE, blob.digest()),
        ScriptedServer.reply(200, "eleven bytes"));
    for (int limit : new int[] {11, 12}) {
      var mirror =
          mirrorWith(
              "\"upstream\":\"%s/acme\",\"maxBlobBytes\":%d".formatted(upstream.host(), limit),
              config -> config);
      var answer = mirror.get("/v2/%s/blobs/%s".formatted(HERE, blob.digest()));
      assertThat(answer.status()).as(answer.text()).isEqualTo(limit == 12 ? 200 : 503);
    }
  }

  @Test
  void manyWhoWantTheSameAreOneRequest() throws Exception {
    var upstream = started(ScriptedServer.start());
    var blob = Descriptor.of(MediaType.of("text/plain"), "wanted".getBytes(UTF_8));
    var line = "GET /v2/%s/blobs/%s".formatted(THERE, blob.digest());
    upstream.on(line, ScriptedServer.reply(200, "wanted"));
    var mirror = mirror(upstream.host());

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> get =
          () -> mirror.get("/v2/%s/blobs/%s".formatted(HERE, blob.digest())).text();
      for (var answer : threads.invokeAll(Collections.nCopies(16, get))) {
        assertThat(answer.get()).isEqualTo("wanted");
      }
    }

    assertThat(upstream.lines()).filteredOn(line::equals).hasSize(1);
  }

  /// Whoever may not pull makes the registry ask nobody.
  @Test
  void asksForNobodyWhoMayNotPull() throws Exception {
    var upstream = started(ScriptedServer.start());
    var access =
        Files.writeString(
            files.resolve("access.json"),
            "{\"anonymous\":[{\"repositories\":[\"hub/public/**\"],\"actions\":[\"Pull\"]}]}");
    var rules = FileAccess.open(access, null, clock);
    var mirror = mirror(upstream.host(), config -> config.access(rules));

    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).refused(401, "UNAUTHORIZED");
    mirror.get("/v2/other/cart/manifests/v1").refused(401, "UNAUTHORIZED");
    assertThat(upstream.asked()).isEmpty();
    mirror.get("/v2/hub/public/cart/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
    assertThat(upstream.lines()).contains("GET /v2/acme/public/cart/manifests/v1");
  }

  @Test
  void whatIsNotBelowTheNameIsNobodysMirror() throws Exception {
    var upstream = started(ScriptedServer.start());
    var mirror = mirror(upstream.host());
    var unknown = Digest.of("unknown".getBytes(UTF_8));

    mirror.get("/v2/hubby/cart/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
    mirror.get("/v2/hubby/cart/manifests/" + unknown).refused(404, "MANIFEST_UNKNOWN");
    mirror.get("/v2/hubby/cart/blobs/" + unknown).refused(404, "BLOB_UNKNOWN");
    mirror.get("/v2/hubby/cart/referrers/" + unknown).hasStatus(200);

    assertThat(upstream.asked()).isEmpty();
  }

  @Test
  void saysItsOwnNameAndTakesUpANewPassword() throws Exception {
    var upstream = started(ScriptedServer.start());
    var credentials = files.resolve("config.json");
    var image = TestManifest.artifact("text/image");
    upstream.on(
        "GET /v2/%s/manifests/v1".formatted(THERE),
        exchange -> {
          var given = exchange.getRequestHeaders().getFirst("Authorization");
          (basic("robot:second").equals(given)
                  ? ScriptedServer.reply(
                      200, image.bytes(), "Content-Type", MediaType.OCI_MANIFEST.value())
                  : ScriptedServer.reply(401, "", "WWW-Authenticate", "Basic realm=\"there\""))
              .answer(exchange);
        });
    login(credentials, upstream.host(), "robot:first");
    var mirror =
        mirrorWith(
            "\"upstream\":\"%s/acme\",\"credentialsFile\":\"%s\""
                .formatted(upstream.host(), credentials),
            config -> config);

    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).refused(503, "UNAVAILABLE");
    assertThat(upstream.asked())
        .extracting(ScriptedServer.Asked::authorization)
        .contains(basic("robot:first"));

    login(credentials, upstream.host(), "robot:second");
    clock.advance(Duration.ofSeconds(6));
    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(200);

    Files.writeString(credentials, "{");
    clock.advance(FRESH.plusSeconds(1));
    mirror.get("/v2/%s/manifests/v1".formatted(HERE)).hasStatus(200);
  }

  @Test
  void doesNotStartWithFilesThatCannotBeUsed() throws Exception {
    var broken = Files.writeString(files.resolve("broken"), "{");
    for (var field : List.of("credentialsFile", "caFile")) {
      for (var file : List.of(broken, files.resolve("missing"))) {
        assertThatThrownBy(
                () ->
                    mirrorWith(
                        "\"upstream\":\"127.0.0.1:1\",\"%s\":\"%s\"".formatted(field, file),
                        config -> config))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file.toString());
      }
    }
  }

  private static void login(Path file, String host, String pair) throws IOException {
    Files.writeString(
        file,
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
            .formatted(host, Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private static byte[] manifest(TestRegistry registry, String tag) throws Exception {
    return registry.get("/v2/%s/manifests/%s".formatted(THERE, tag)).hasStatus(200).bytes();
  }

  private static String tag(TestRegistry mirror) throws Exception {
    return mirror
        .head("/v2/%s/manifests/v1".formatted(HERE))
        .hasStatus(200)
        .header("Docker-Content-Digest");
  }

  private static List<String> digests(TestRegistry registry, Digest subject) throws Exception {
    var digests = new ArrayList<String>();
    for (var entry : registry.referrers(HERE, subject).path("manifests")) {
      digests.add(entry.path("digest").asText());
    }
    return digests;
  }

  private TestRegistry mirror(String upstream) throws Exception {
    return mirror(upstream, config -> config);
  }

  private TestRegistry mirror(String upstream, UnaryOperator<RegistryConfig.Builder> configure)
      throws Exception {
    return mirrorWith("\"upstream\":\"%s/acme\"".formatted(upstream), configure);
  }

  private TestRegistry mirrorWith(String fields, UnaryOperator<RegistryConfig.Builder> configure)
      throws Exception {
    var file =
        Files.writeString(
            files.resolve("upstreams.json"),
            "{\"mirrors\":[{\"prefix\":\"hub\",%s,\"plainHttp\":true}]}".formatted(fields));
    var upstreams = Upstreams.read(file);
    return started(
        TestRegistry.start(
            here, config -> configure.apply(config.upstreams(upstreams).clock(clock))));
  }

  private <T extends AutoCloseable> T started(T one) {
    open.add(one);
    return one;
  }
}
