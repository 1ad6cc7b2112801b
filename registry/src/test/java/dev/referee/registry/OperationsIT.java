package dev.referee.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Digest;
import dev.referee.registry.content.CollectionPolicy;
import dev.referee.registry.events.EventSettings;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import dev.referee.testing.ScriptedServer;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.TrustedClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What whoever runs a registry sees of it.
class OperationsIT {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);

  @TempDir private Path folder;

  @Test
  void countsRequestsWithoutNamingRepositories() throws Exception {
    try (var registry = TestRegistry.start(folder)) {
      var image = registry.pushImage("secret/project", "v1");
      registry.get("/v2/secret/project/manifests/v1").hasStatus(200);
      registry.get("/v2/secret/project/manifests/v2").hasStatus(404);
      registry.get("/v2/secret/project/referrers/" + image.digest()).hasStatus(200);
      registry.get("/v2/secret/project/tags/list?n=x").hasStatus(400);
      registry.get("/v2/_catalog").hasStatus(200);
      registry.get("/v2/").hasStatus(200);
      registry.get("/elsewhere").hasStatus(404);
      registry.send("FROB", "/v2/", new byte[0]).hasStatus(405);
      registry.raw("GET /v2/a/tags/list?n=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

      var metrics = registry.get("/metrics").hasStatus(200);

      assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
      assertThat(metrics.text())
          .contains(
              counted("GET", "manifest", 200, 1),
              counted("GET", "manifest", 404, 1),
              counted("PUT", "manifest", 201, 1),
              counted("POST", "upload", 201, 2),
              counted("GET", "referrers", 200, 1),
              counted("GET", "tags", 400, 2),
              counted("GET", "catalog", 200, 1),
              counted("GET", "ping", 200, 1),
              counted("GET", "none", 404, 1),
              counted("other", "ping", 405, 1),
              "jvm_memory_used_bytes")
          .doesNotContain("secret");
    }
  }

  private static String counted(String method, String route, int status, int count) {
    return "referee_registry_requests_seconds_count{method=\"%s\",route=\"%s\",status=\"%d\"} %d"
        .formatted(method, route, status, count);
  }

  @Test
  void countsCollections() throws Exception {
    var policy = new CollectionPolicy(Duration.ofHours(1), Duration.ofHours(1), false);
    var schedule = new CollectionSchedule(policy, Duration.ofMillis(20));
    try (var registry = TestRegistry.start(folder, config -> config.collection(schedule))) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(registry.get("/metrics").text())
                      .contains("referee_registry_collections_seconds_count{outcome=\"done\"}")
                      .contains("referee_registry_collected_bytes_total 0.0"));
    }
  }

  @Test
  void tellsWhatHappens() throws Exception {
    try (var sink = ScriptedServer.start()) {
      sink.on("POST /events", ScriptedServer.reply(204, ""));
      var settings = new EventSettings(URI.create(sink.url() + "/events"), null);
      URI source;
      try (var registry = TestRegistry.start(folder, config -> config.events(settings))) {
        source = registry.uri();
        var image = registry.pushImage("a", "v1");
        registry.push("a", TestManifest.artifact("application/sig").subject(image));
        registry.put("a", "v2", new byte[0], "text/plain").hasStatus(400);
        registry.delete("/v2/a/manifests/absent").hasStatus(404);
        registry.delete("/v2/a/manifests/v1").hasStatus(202);
        registry.delete("/v2/a/manifests/" + image.digest()).hasStatus(202);
        registry.delete("/v2/a/blobs/" + registry.pushBlob("a", "x").digest()).hasStatus(202);
      }
      // All of it has been sent when the registry has ended.
      var types = new java.util.ArrayList<String>();
      var json = new ObjectMapper();
      for (var asked : sink.asked()) {
        var event = json.readTree(asked.body());
        types.add(event.path("type").asText().replace("dev.referee.registry.", ""));
        assertThat(event.path("source").asText()).isEqualTo(source.toString());
      }
      assertThat(types)
          .containsExactly("push.v1", "referrer.v1", "delete.v1", "delete.v1", "delete.v1");
    }
  }

  /// Where it listens is nothing to whoever reads the events of many registries.
  @Test
  void isNamedInItsEventsAsItIsToldTo() throws Exception {
    var name = URI.create("https://images.shop.svc.cluster.local:5000");
    try (var sink = ScriptedServer.start()) {
      sink.on("POST /events", ScriptedServer.reply(204, ""));
      var settings = new EventSettings(URI.create(sink.url() + "/events"), null).named(name);
      try (var registry = TestRegistry.start(folder, config -> config.events(settings))) {
        registry.pushImage("a", "v1");
      }
      var event = new ObjectMapper().readTree(sink.asked().getFirst().body());
      assertThat(event.path("source").asText()).isEqualTo(name.toString());
    }
    assertThatThrownBy(() -> new EventSettings(URI.create("http://h/"), null).named(URI.create("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A line a request, with its parts as fields; what may be secret is in none of them
  /// (CVE-2025-48374).
  @Test
  void logsAccessesWithoutSecrets() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger("dev.referee.access");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.DEBUG);
    try (var registry = TestRegistry.start(folder)) {
      registry.get("/v2/a/tags/list?token=hunter2", "Authorization", "Basic aHVudGVyMg==");
      registry.raw("GET /v2/\u00e9\u0001x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }
    var first = lines.list.getFirst();
    var fields = new TreeSet<String>();
    first.getKeyValuePairs().forEach(pair -> fields.add(pair.key));
    assertThat(fields)
        .isEqualTo(new TreeSet<>(Set.of("client", "method", "path", "status", "bytes", "micros")));
    assertThat(first.getFormattedMessage()).contains("127.0.0.1 GET /v2/a/tags/list 404");
    assertThat(lines.list.toString()).doesNotContain("hunter2", "aHVudGVyMg");
  }

  /// Balancers hear of the end while everything is still served.
  @Test
  void saysThatItEndsBeforeItDoes() throws Exception {
    var config = RegistryConfig.of(folder, ANY).lameDuck(Duration.ofMinutes(5)).build();
    try (var registry = Registry.start(config);
        var client = HttpClient.newHttpClient()) {
      assertThat(status(client, registry.uri().resolve("/livez"))).isEqualTo(200);
      assertThat(status(client, registry.uri().resolve("/readyz"))).isEqualTo(200);

      var drain = Thread.ofVirtual().start(() -> registry.drain(Duration.ofMinutes(1)));

      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> assertThat(status(client, registry.uri().resolve("/readyz"))).isEqualTo(503));
      assertThat(status(client, registry.uri().resolve("/livez"))).isEqualTo(200);
      assertThat(status(client, registry.uri().resolve("/v2/"))).isEqualTo(200);
      drain.interrupt();
      drain.join();
    }
  }

  /// A push that is under way ends well, while nobody new gets in.
  @Test
  void endsWithoutLosingAPush() throws Exception {
    var content = "0123456789".getBytes(UTF_8);
    try (var registry = Registry.start(RegistryConfig.of(folder, ANY).build());
        var push = new Socket(InetAddress.getLoopbackAddress(), registry.uri().getPort())) {
      write(
          push,
          "POST /v2/a/blobs/uploads/?digest=%s HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n"
              .formatted(Digest.of(content)));
      write(push, "01234");
      // It is being served when its upload is there.
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !isEmpty(folder.resolve("up")));

      var drain = Thread.ofVirtual().start(() -> registry.drain(Duration.ofMinutes(2)));
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> refuses(registry.uri()));
      assertThat(drain.isAlive()).isTrue();
      write(push, "56789");
      var answer = new String(push.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 201").containsIgnoringCase("connection: close");
      drain.join();
    }
    try (var registry = TestRegistry.start(folder)) {
      assertThat(registry.get("/v2/a/blobs/" + Digest.of(content)).bytes()).isEqualTo(content);
    }
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (var entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private static boolean refuses(URI uri) {
    try (var late = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      return !late.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  /// New connections get a renewed certificate; half of a renewal changes nothing.
  @Test
  void takesUpARenewedCertificate() throws Exception {
    var one = CertificateAuthority.create("CN=one");
    var two = CertificateAuthority.create("CN=two");
    var tls = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    install(tls, one);
    var config = RegistryConfig.of(folder.resolve("root"), ANY).tls(tls).build();
    try (var registry = Registry.start(config)) {
      var ping = registry.uri().resolve("/v2/");
      assertThat(pingTrusting(one, ping)).isEqualTo(200);
      Files.writeString(tls.certificateChain(), "half of a file");
      assertThat(pingTrusting(one, ping)).isEqualTo(200);

      install(tls, two);

      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .until(() -> pingTrusting(two, ping) == 200);
    }
  }

  private static void install(TlsFiles tls, CertificateAuthority authority) throws IOException {
    var issued = authority.server("CN=registry", List.of("127.0.0.1"));
    Files.writeString(tls.key(), issued.keyPem());
    Files.writeString(tls.certificateChain(), issued.certificatePem());
  }

  private static int pingTrusting(CertificateAuthority authority, URI uri) throws Exception {
    try (var client = TrustedClient.of(authority.certificate())) {
      return status(client, uri);
    }
  }

  private static int status(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
