package dev.referee.client;

import static dev.referee.oci.SourceReason.DIGEST_MISMATCH;
import static dev.referee.oci.SourceReason.FORBIDDEN;
import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.RATE_LIMITED;
import static dev.referee.oci.SourceReason.REDIRECT_REFUSED;
import static dev.referee.oci.SourceReason.SERVER_ERROR;
import static dev.referee.oci.SourceReason.SIZE_MISMATCH;
import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.TLS_FAILED;
import static dev.referee.oci.SourceReason.TOO_LARGE;
import static dev.referee.oci.SourceReason.UNREACHABLE;
import static dev.referee.testing.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.Reference;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.tls.CertificateAuthority;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against servers that answer in every way that registries do.
class RegistryClientIT {
  private static final MediaType TEXT = MediaType.of("text/plain");
  private static final byte[] MANIFEST =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
          .formatted(MediaType.OCI_INDEX)
          .getBytes(UTF_8);
  private static final Digest DIGEST = Digest.of(MANIFEST);
  private static final byte[] BLOB = "content".getBytes(UTF_8);
  private static final Descriptor DESCRIPTOR = Descriptor.of(TEXT, BLOB);
  private static final String INDEX = MediaType.OCI_INDEX.value();

  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  private final ScriptedServer server = ScriptedServer.start();

  @AfterEach
  void close() {
    server.close();
    client.close();
    vertx.close().await();
  }

  @Test
  void readsManifestsByTagAndDigest() throws SourceException {
    server
        .on("GET /v2/app/manifests/v1", reply(200, MANIFEST, "Content-Type", INDEX))
        .on("GET /v2/app/manifests/" + DIGEST, reply(200, MANIFEST, "Content-Type", INDEX));

    assertThat(app().manifest("v1").orElseThrow().digest()).isEqualTo(DIGEST);
    assertThat(app().manifest(DIGEST).orElseThrow().parse().mediaType())
        .isEqualTo(MediaType.OCI_INDEX);
    assertThat(app().manifest("v2")).isEmpty();
    // A tag that cannot be one is asked of nobody.
    assertThat(app().manifest("../x")).isEmpty();
  }

  /// An answer that nobody reads must neither cost its connection nor, worse, close it under the
  /// request that got it next.
  @Test
  void keepsTheConnectionOfAnAnswerThatNobodyReads() throws SourceException {
    int requests = 50;
    for (int i = 0; i < requests; i++) {
      assertThat(app().manifest("v2")).isEmpty();
    }

    var connections =
        server.asked().stream()
            .filter(asked -> asked.line().endsWith("/manifests/v2"))
            .map(ScriptedServer.Asked::connection)
            .distinct();
    assertThat(connections).hasSizeLessThan(requests / 5);
  }

  /// An answer that is too long to be read for nothing is cut off, and the next request succeeds.
  @Test
  void cutsOffAnAnswerThatNobodyReadsAndThatDoesNotEnd() throws SourceException {
    server
        .on("GET /v2/app/manifests/v1", reply(200, MANIFEST, "Content-Type", INDEX))
        .on("GET /v2/app/manifests/v2", reply(404, new byte[8 << 20]));

    assertThat(app().manifest("v2")).isEmpty();
    assertThat(app().manifest("v1")).isPresent();
  }

  /// N09, CVE-2023-47630: the header lies, or the content does. The content is hashed.
  @Test
  void n09RefusesContentOfAnotherDigest() {
    server.on(
        "GET /v2/app/manifests/" + DIGEST,
        reply(
            200,
            "{\"schemaVersion\":2,\"manifests\":[ ]}",
            "Content-Type",
            INDEX,
            "Docker-Content-Digest",
            DIGEST.toString()));

    assertReason(() -> app().manifest(DIGEST), DIGEST_MISMATCH);
  }

  @Test
  void readsBlobsAndProvesThem() throws SourceException {
    var blob = "GET /v2/app/blobs/" + DESCRIPTOR.digest();
    server.on(blob, reply(200, BLOB));
    assertThat(app().blobBytes(DESCRIPTOR, 100)).hasValue(BLOB);

    server.on(blob, reply(200, "Content"));
    assertReason(() -> app().blobBytes(DESCRIPTOR, 100), DIGEST_MISMATCH);
    server.on(blob, reply(200, "conten"));
    assertReason(() -> app().blobBytes(DESCRIPTOR, 100), SIZE_MISMATCH);
    server.on(blob, reply(200, "content!"));
    assertReason(() -> app().blobBytes(DESCRIPTOR, 100), SIZE_MISMATCH);
    server.on(blob, reply(404, ""));
    assertThat(app().blobBytes(DESCRIPTOR, 100)).isEmpty();
  }

  @Test
  void namesEachFaultByItsReason() {
    var manifest = "GET /v2/app/manifests/v1";
    server.on(
        manifest, reply(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"no\\u0007\"}]}"));
    assertThatThrownBy(() -> app().manifest("v1"))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.reason()).isEqualTo(FORBIDDEN))
        .hasMessageContaining("403 DENIED: no")
        .hasMessageNotContaining("\u0007");
    server.on(manifest, reply(500, ""));
    assertReason(() -> app().manifest("v1"), SERVER_ERROR);
    server.on(manifest, reply(400, ""));
    assertReason(() -> app().manifest("v1"), MALFORMED_RESPONSE);
    server.on(manifest, reply(200, MANIFEST, "Content-Type", "nonsense"));
    assertReason(() -> app().manifest("v1"), MALFORMED_RESPONSE);
    server.on(manifest, reply(200, new byte[Manifest.MAX_BYTES + 1], "Content-Type", INDEX));
    assertReason(() -> app().manifest("v1"), TOO_LARGE);
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    assertReason(() -> repository("127.0.0.1:%d/app".formatted(port)).manifest("v1"), UNREACHABLE);
  }

  @Test
  void givesUpAtTheDeadline() {
    var released = new CountDownLatch(1);
    server.on("GET /v2/app/manifests/v1", exchange -> await(released));
    var impatient =
        client.open(
            Reference.parse(server.host() + "/app").repository(),
            Deadline.in(Duration.ofMillis(300)));

    assertReason(() -> impatient.manifest("v1"), TIMEOUT);
    released.countDown();
  }

  /// The deadline holds for the whole body: one that drips is as late as one that never comes.
  @Test
  void givesUpOnABodyThatDoesNotEnd() {
    var released = new CountDownLatch(1);
    server.on(
        "GET /v2/app/manifests/v1",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", INDEX);
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await(released);
        });
    var impatient =
        client.open(
            Reference.parse(server.host() + "/app").repository(),
            Deadline.in(Duration.ofMillis(500)));

    assertReason(() -> impatient.manifest("v1"), TIMEOUT);
    released.countDown();
  }

  @Test
  void triesAgainWhereThatMayHelp() throws SourceException {
    var attempts = new AtomicInteger();
    server.on(
        "GET /v2/app/manifests/v1",
        exchange ->
            (attempts.incrementAndGet() < 3
                    ? reply(503, "")
                    : reply(200, MANIFEST, "Content-Type", INDEX))
                .answer(exchange));

    assertThat(app().manifest("v1")).isPresent();
    assertThat(attempts).hasValue(3);
  }

  @Test
  void doesNotWaitLongerThanThereIsTime() {
    server.on("GET /v2/app/manifests/v1", reply(429, "", "Retry-After", "60"));

    assertReason(() -> app().manifest("v1"), RATE_LIMITED);
    assertThat(server.lines()).filteredOn("GET /v2/app/manifests/v1"::equals).hasSize(1);
  }

  @Test
  void pushesBlobsAndManifests() throws SourceException {
    server
        .on(
            "POST /v2/app/blobs/uploads/",
            reply(202, "", "Location", "/v2/app/blobs/uploads/1?state=x"))
        .on("PUT /v2/app/blobs/uploads/1", reply(201, ""))
        .on("PUT /v2/app/manifests/v1", reply(201, ""));

    var repository = app();
    repository.putBlob(TEXT, BLOB);
    repository.putManifest(MANIFEST, MediaType.OCI_INDEX, "v1");

    assertThat(server.lines())
        .contains(
            "PUT /v2/app/blobs/uploads/1?state=x&digest=sha256%3A" + DESCRIPTOR.digest().hex());
    assertThat(server.asked()).anySatisfy(a -> assertThat(a.body()).isEqualTo("content"));
    assertThat(server.asked().getLast().body()).isEqualTo(new String(MANIFEST, UTF_8));
  }

  @Test
  void doesNotPushABlobThatIsThere() throws SourceException {
    server.on("HEAD /v2/app/blobs/" + DESCRIPTOR.digest(), reply(200, ""));

    app().putBlob(TEXT, BLOB);

    assertThat(server.lines()).noneMatch(line -> line.startsWith("P"));
  }

  @Test
  void followsRedirectsToContent() throws SourceException {
    try (var cdn = ScriptedServer.start()) {
      cdn.on("GET /data", reply(200, BLOB));
      server.on(
          "GET /v2/app/blobs/" + DESCRIPTOR.digest(),
          reply(307, "", "Location", cdn.url() + "/data"));

      assertThat(app().blobBytes(DESCRIPTOR, 100)).hasValue(BLOB);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/app/manifests/v1",
        "file:///etc/passwd",
        "http://u:p@127.0.0.1/",
        "http://[::"
      })
  void refusesRedirectsInCirclesAndToNoOrigin(String location) {
    server.on("GET /v2/app/manifests/v1", reply(302, "", "Location", location));

    assertReason(() -> app().manifest("v1"), REDIRECT_REFUSED);
    assertThat(server.lines()).hasSizeLessThanOrEqualTo(6 + 1);
  }

  /// N86: a redirect to a cloud's metadata service.
  @Test
  void n86RefusesARedirectToTheMetadataService() {
    server.on(
        "GET /v2/app/manifests/v1",
        reply(302, "", "Location", "http://169.254.169.254/latest/meta-data/"));

    assertReason(() -> app().manifest("v1"), SourceReason.ADDRESS_REFUSED);
  }

  @Test
  void speaksTlsToLoopbackWhereItIsAnswered() throws SourceException {
    var authority = CertificateAuthority.create("CN=test");
    var trusting = RegistryClientConfig.defaults().trusting(List.of(authority.certificatePem()));
    try (var encrypted =
            ScriptedServer.start(authority.server("CN=registry", List.of("127.0.0.1")));
        var trustingClient = new RegistryClient(vertx, trusting)) {
      encrypted.on("GET /v2/app/manifests/v1", reply(200, MANIFEST, "Content-Type", INDEX));
      var reference = Reference.parse(encrypted.host() + "/app").repository();

      assertThat(trustingClient.open(reference, soon()).manifest("v1")).isPresent();
      // Not trusted: an error, and never a fall back to plain HTTP.
      assertReason(() -> client.open(reference, soon()).manifest("v1"), TLS_FAILED);
    }
  }

  @Test
  void refusesARedirectFromTlsToPlainHttp() {
    var authority = CertificateAuthority.create("CN=test");
    var trusting = RegistryClientConfig.defaults().trusting(List.of(authority.certificatePem()));
    try (var encrypted =
            ScriptedServer.start(authority.server("CN=registry", List.of("127.0.0.1")));
        var trustingClient = new RegistryClient(vertx, trusting)) {
      encrypted.on(
          "GET /v2/app/manifests/v1", reply(302, "", "Location", server.url() + "/elsewhere"));
      var repository = Reference.parse(encrypted.host() + "/app").repository();

      assertReason(() -> trustingClient.open(repository, soon()).manifest("v1"), REDIRECT_REFUSED);
    }
  }

  @Test
  void refusesAWrongHostName() {
    var authority = CertificateAuthority.create("CN=test");
    var trusting = RegistryClientConfig.defaults().trusting(List.of(authority.certificatePem()));
    try (var encrypted =
            ScriptedServer.start(authority.server("CN=registry", List.of("other.example.com")));
        var trustingClient = new RegistryClient(vertx, trusting)) {
      var repository = Reference.parse(encrypted.host() + "/app").repository();

      assertReason(() -> trustingClient.open(repository, soon()).manifest("v1"), TLS_FAILED);
    }
  }

  private RemoteRepository app() {
    return repository(server.host() + "/app");
  }

  private RemoteRepository repository(String name) {
    return client.open(Reference.parse(name).repository(), soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(15));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertReason(ThrowingCallable call, SourceReason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
