package dev.referee.gate.registries;

import static dev.referee.testing.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.client.Credentials;
import dev.referee.client.RegistryClientConfig;
import dev.referee.gate.registries.HostSettings.Mirror;
import dev.referee.gate.registries.Registries.Host;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.testing.ScriptedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Registries over real sockets, reached as settings say.
class ConfiguredRegistriesIT {
  private static final byte[] INDEX =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
          .formatted(MediaType.OCI_INDEX)
          .getBytes(UTF_8);
  private static final Digest DIGEST = Digest.of(INDEX);
  private static final Descriptor BLOB = Descriptor.of(MediaType.of("text/plain"), INDEX);

  private final Vertx vertx = Vertx.vertx();
  private final ScriptedServer registry = ScriptedServer.start();
  private final ScriptedServer mirror = ScriptedServer.start();
  private volatile Registries settings = Registries.NONE;
  private final ConfiguredRegistries registries =
      new ConfiguredRegistries(vertx, RegistryClientConfig.defaults(), () -> settings);

  @AfterEach
  void close() {
    registries.close();
    registry.close();
    mirror.close();
    vertx.close().await();
  }

  private ArtifactSource open() {
    return registries.open(
        new Repository(registry.host(), "app"), Deadline.in(Duration.ofMinutes(1)));
  }

  private void configure(long generation, Credentials credentials, @Nullable Mirror mirrored) {
    var host =
        new HostSettings(
            registry.host(),
            true,
            null,
            credentials,
            Set.of(),
            null,
            mirrored == null ? List.of() : List.of(mirrored));
    settings = new Registries(generation, Map.of(registry.host(), new Host.Known(host)), List.of());
  }

  private Mirror mirrored() {
    return new Mirror(
        new HostSettings(
            mirror.host(), true, null, Credentials.ANONYMOUS, Set.of(), null, List.of()),
        "proxy");
  }

  @Test
  void showsCredentialsAsTheyAreNow() throws SourceException {
    registry.on(
        "GET /v2/app/manifests/v1",
        exchange ->
            (exchange.getRequestHeaders().containsKey("Authorization")
                    ? reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value())
                    : reply(401, "", "WWW-Authenticate", "Basic realm=\"r\""))
                .answer(exchange));

    configure(1, new Credentials.Basic("u", "p"), null);
    assertThat(open().manifest("v1").orElseThrow().digest()).isEqualTo(DIGEST);

    configure(2, Credentials.ANONYMOUS, null);
    assertThatThrownBy(() -> open().manifest("v1"))
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.reason()).isEqualTo(SourceReason.UNAUTHORIZED));
  }

  @Test
  void readsContentFromAMirrorAndTagsFromTheRegistry() throws SourceException {
    registry.on(
        "GET /v2/app/manifests/v1", reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value()));
    registry.on(
        "GET /v2/app/referrers/" + DIGEST,
        reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value()));
    mirror.on(
        "GET /v2/proxy/app/manifests/" + DIGEST,
        reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value()));
    mirror.on("GET /v2/proxy/app/blobs/" + DIGEST, reply(200, INDEX));
    configure(1, Credentials.ANONYMOUS, mirrored());

    assertThat(open().manifest("v1")).isPresent();
    assertThat(open().referrers(DIGEST).descriptors()).isEmpty();
    assertThat(open().manifest(DIGEST)).isPresent();
    assertThat(open().blob(BLOB)).isPresent();
    assertThat(open().blobBytes(BLOB, 1000).orElseThrow()).isEqualTo(INDEX);

    assertThat(registry.lines())
        .containsExactly("GET /v2/app/manifests/v1", "GET /v2/app/referrers/" + DIGEST);
  }

  @Test
  void asksTheRegistryWhereAMirrorLiesBreaksOrHasNothing() throws SourceException {
    registry.on(
        "GET /v2/app/manifests/" + DIGEST,
        reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value()));
    configure(1, Credentials.ANONYMOUS, mirrored());

    var answers =
        List.of(
            reply(404, ""),
            reply(500, ""),
            reply(200, "{\"lie\":1}", "Content-Type", MediaType.OCI_INDEX.value()));
    for (var answer : answers) {
      mirror.on("GET /v2/proxy/app/manifests/" + DIGEST, answer);
      assertThat(open().manifest(DIGEST).orElseThrow().digest()).isEqualTo(DIGEST);
    }
    assertThat(registry.lines()).hasSize(3);
  }

  @Test
  void asksNobodyWhereAConfigurationMakesNoSense() {
    settings =
        new Registries(
            1, Map.of(registry.host(), new Host.Misconfigured("no such Secret")), List.of());

    for (ThrowingRead read :
        List.<ThrowingRead>of(
            source -> source.manifest("v1"),
            source -> source.manifest(DIGEST),
            source -> source.blob(BLOB),
            source -> source.referrers(DIGEST))) {
      assertThatThrownBy(() -> read.from(open()))
          .hasMessageContaining("no such Secret")
          .isInstanceOfSatisfying(
              SourceException.class,
              e -> assertThat(e.reason()).isEqualTo(SourceReason.MISCONFIGURED));
    }
    assertThat(registry.lines()).isEmpty();
  }

  private interface ThrowingRead {
    Object from(ArtifactSource source) throws SourceException;
  }

  @Test
  void countsWhatRegistriesAreAskedByWhatComesOfIt() throws SourceException {
    var meters = new SimpleMeterRegistry();
    registry.on(
        "GET /v2/app/manifests/v1", reply(200, INDEX, "Content-Type", MediaType.OCI_INDEX.value()));
    registry.on("GET /v2/app/blobs/" + DIGEST, reply(500, ""));
    configure(1, Credentials.ANONYMOUS, null);
    var source =
        new MeteredSources(registries, meters)
            .open(new Repository(registry.host(), "app"), Deadline.in(Duration.ofMinutes(1)));

    assertThat(source.manifest("v1")).isPresent();
    assertThat(source.manifest("v2")).isEmpty();
    assertThat(source.manifest(DIGEST)).isEmpty();
    assertThatThrownBy(() -> source.blobBytes(BLOB, 1000)).isInstanceOf(SourceException.class);
    assertThatThrownBy(() -> source.blob(BLOB)).isInstanceOf(SourceException.class);
    assertThat(source.referrers(DIGEST).descriptors()).isEmpty();

    assertThat(count(meters, "tag", "found")).isEqualTo(1);
    assertThat(count(meters, "tag", "absent")).isEqualTo(1);
    assertThat(count(meters, "manifest", "absent")).isEqualTo(1);
    assertThat(count(meters, "blob", "server_error")).isEqualTo(2);
    assertThat(count(meters, "referrers", "found")).isEqualTo(1);
  }

  private static long count(SimpleMeterRegistry meters, String operation, String outcome) {
    return meters
        .get("referee.registry.request")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .timer()
        .count();
  }
}
