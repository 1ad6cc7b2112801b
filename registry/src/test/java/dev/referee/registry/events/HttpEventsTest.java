package dev.referee.registry.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.registry.TestManifest;
import dev.referee.registry.content.RepositoryName;
import dev.referee.testing.ScriptedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final URI SOURCE = URI.create("https://registry.test:5000");
  private static final RepositoryName REPOSITORY = new RepositoryName("shop/cart");
  private static final Instant NOW = Instant.parse("2026-11-24T01:02:03Z");
  private static final Duration NO_PAUSE = Duration.ofMillis(1);

  @TempDir private Path folder;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScriptedServer sink = ScriptedServer.start();

  @AfterEach
  void stop() {
    sink.close();
  }

  @Test
  void writesWhatWasPushedAsACloudEvent() throws Exception {
    var image = TestManifest.artifact("application/x").descriptor();
    var signature = TestManifest.artifact("application/sig\r\nX: 1").subject(image);
    sink.on("POST /events", ScriptedServer.reply(202, ""));
    try (var events = start("/events", null)) {
      events.publish(pushed(signature, "v1", "v2"));
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, image.digest()));
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> counted("delivered") == 3);
    }

    var referrer = body(0);
    assertThat(referrer.path("specversion").asText()).isEqualTo("1.0");
    assertThat(referrer.path("source").asText()).isEqualTo(SOURCE.toString());
    assertThat(referrer.path("type").asText()).isEqualTo("dev.referee.registry.referrer.v1");
    assertThat(referrer.path("subject").asText()).isEqualTo("shop/cart@" + signature.digest());
    assertThat(referrer.path("time").asText()).isEqualTo("2026-11-24T01:02:03Z");
    assertThat(referrer.path("datacontenttype").asText()).isEqualTo("application/json");
    assertThat(referrer.at("/data/repository").asText()).isEqualTo("shop/cart");
    assertThat(referrer.at("/data/digest").asText()).isEqualTo(signature.digest().toString());
    assertThat(referrer.at("/data/tags")).hasSize(2);
    assertThat(referrer.at("/data/mediaType").asText()).isEqualTo(signature.mediaType().value());
    assertThat(referrer.at("/data/size").asInt()).isEqualTo(signature.bytes().length);
    assertThat(referrer.at("/data/subject").asText()).isEqualTo(image.digest().toString());
    // What a client wrote stays inside its string.
    assertThat(referrer.at("/data/artifactType").asText()).isEqualTo("application/sig\r\nX: 1");
    assertThat(sink.asked().getFirst().body()).hasLineCount(1);
    assertThat(body(1).path("type").asText()).isEqualTo("dev.referee.registry.delete.v1");
    assertThat(body(1).at("/data/digest").asText()).isEqualTo(image.digest().toString());
    assertThat(body(1).at("/data").has("mediaType")).isFalse();
    assertThat(body(2).path("subject").asText()).isEqualTo("shop/cart:v1");
    assertThat(sink.asked().stream().map(this::id).distinct()).hasSize(3);
  }

  @Test
  void tellsAnImageFromAReferrer() throws Exception {
    sink.on("POST /", ScriptedServer.reply(200, ""));
    try (var events = start("/", null)) {
      events.publish(pushed(TestManifest.index()));
    }
    assertThat(counted("delivered")).isEqualTo(1);
    assertThat(body(0).path("type").asText()).isEqualTo("dev.referee.registry.push.v1");
    assertThat(body(0).at("/data").has("artifactType")).isFalse();
    assertThat(body(0).at("/data").has("subject")).isFalse();
    assertThat(body(0).at("/data").has("tags")).isFalse();
  }

  /// A renewed token counts at once, and goes to the sink alone.
  @Test
  void takesItsTokenOnlyToTheSink() throws Exception {
    var token = Files.writeString(folder.resolve("token"), "one\n");
    try (var elsewhere = ScriptedServer.start()) {
      var redirects = new AtomicInteger();
      sink.on(
          "POST /events",
          exchange -> {
            if (redirects.getAndIncrement() == 0) {
              exchange.getResponseHeaders().set("Location", elsewhere.url() + "/events");
              exchange.sendResponseHeaders(307, -1);
            } else {
              exchange.sendResponseHeaders(204, -1);
            }
          });
      try (var events = start("/events", token)) {
        events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> counted("failed") == 1);
        Files.writeString(token, "two");
        events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v2"));
      }
      assertThat(elsewhere.asked()).isEmpty();
    }
    assertThat(sink.asked())
        .extracting(ScriptedServer.Asked::authorization)
        .containsExactly("Bearer one", "Bearer two");
    assertThat(counted("delivered")).isEqualTo(1);
  }

  @Test
  void losesWhatItHasNoTokenFor() throws Exception {
    var token = Files.writeString(folder.resolve("token"), "two\nlines");
    try (var events = start("/", token)) {
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> counted("failed") == 1);
      Files.delete(token);
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
    }
    assertThat(counted("failed")).isEqualTo(2);
    assertThat(sink.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429, 408})
  void triesAgainWhatMayPass(int status) throws Exception {
    var asked = new AtomicInteger();
    sink.on(
        "POST /",
        exchange -> exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? status : 200, -1));
    try (var events = start("/", null)) {
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
    }
    assertThat(counted("delivered")).isEqualTo(1);
    assertThat(asked).hasValue(3);
    // The same event, by its id.
    assertThat(sink.asked().stream().map(this::id).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 404})
  void givesUpWhatWillNot(int status) throws Exception {
    sink.on("POST /", ScriptedServer.reply(status, ""));
    try (var events = start("/", null)) {
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
    }
    assertThat(counted("failed")).isEqualTo(1);
    assertThat(sink.asked()).hasSize(1);
  }

  /// Pushes go on while the sink does not: what is too much is dropped, and counted.
  @Test
  void neverWaitsForItsSink() throws Exception {
    var stuck = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    sink.on(
        "POST /",
        exchange -> {
          begun.countDown();
          await(stuck);
          exchange.sendResponseHeaders(200, -1);
        });
    var events = start("/", null);
    try (events) {
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "first"));
      begun.await();
      for (int i = 0; i < HttpEvents.CAPACITY + 10; i++) {
        events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v" + i));
      }
      assertThat(counted("dropped")).isEqualTo(10);
      assertThat(meters.get("referee.registry.events.waiting").gauge().value())
          .isEqualTo(HttpEvents.CAPACITY);
      stuck.countDown();
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> counted("delivered") == HttpEvents.CAPACITY + 1);
    }
    events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "late"));
    assertThat(counted("dropped")).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://h/", "/events", "mailto:me@h", "https://user:secret@h/", "https:///x"})
  void refusesSinksThatAreNone(String sinkUrl) {
    assertThatThrownBy(() -> new EventSettings(URI.create(sinkUrl), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  /// A cloud's metadata address is no sink.
  @Test
  void sendsNothingToLinkLocalAddresses() throws Exception {
    var settings = new EventSettings(URI.create("http://169.254.169.254/latest"), null);
    try (var events = start(settings)) {
      events.publish(RegistryEvent.deleted(NOW, REPOSITORY, "v1"));
    }
    assertThat(counted("failed")).isEqualTo(1);
  }

  @Test
  void sendsNoTokenInTheClear() {
    var token = folder.resolve("token");
    for (var host : List.of("198.51.100.7", "no-such-host.invalid")) {
      assertThatThrownBy(() -> new EventSettings(URI.create("http://" + host + "/"), token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("TLS");
    }
    assertThat(new EventSettings(URI.create("http://127.0.0.1/"), token).tokenFile())
        .isEqualTo(token);
    assertThat(new EventSettings(URI.create("https://198.51.100.7/"), token).tokenFile())
        .isEqualTo(token);
  }

  @Test
  void takesAuthoritiesForTlsAlone() {
    var file = folder.resolve("ca.pem");
    var settings = new EventSettings(URI.create("http://127.0.0.1/"), null);
    assertThatThrownBy(() -> settings.trusting(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLS");
  }

  private HttpEvents start(String path, @Nullable Path token) throws IOException {
    return start(new EventSettings(URI.create(sink.url() + path), token));
  }

  private HttpEvents start(EventSettings settings) throws IOException {
    return HttpEvents.start(EventSink.open(settings), SOURCE, meters, NO_PAUSE);
  }

  private static RegistryEvent pushed(TestManifest manifest, String... tags) {
    return RegistryEvent.pushed(
        NOW,
        REPOSITORY,
        manifest.digest(),
        Manifest.parse(manifest.bytes(), manifest.mediaType()),
        manifest.bytes().length,
        List.of(tags));
  }

  private double counted(String outcome) {
    return meters.get("referee.registry.events").tag("outcome", outcome).counter().count();
  }

  private JsonNode body(int index) throws IOException {
    return JSON.readTree(sink.asked().get(index).body());
  }

  private String id(ScriptedServer.Asked asked) {
    try {
      return JSON.readTree(asked.body()).path("id").asText().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// A digest is what a client has said; here it only has to be one.
  @Test
  void namesBlobsByTheirDigest() throws Exception {
    var digest = Digest.of("blob".getBytes(UTF_8));
    var encoded = CloudEvent.encode(RegistryEvent.deleted(NOW, REPOSITORY, digest), SOURCE);

    assertThat(JSON.readTree(encoded).path("subject").asText()).isEqualTo("shop/cart@" + digest);
  }
}
