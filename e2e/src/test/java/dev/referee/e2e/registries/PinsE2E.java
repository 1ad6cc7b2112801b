package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Repository;
import dev.referee.operator.audit.PodImage;
import dev.referee.operator.registry.ClusterPinnedRegistries;
import dev.referee.operator.registry.OciRegistriesConfig;
import dev.referee.operator.registry.pins.OwnTokens;
import dev.referee.operator.registry.pins.PinRenewal;
import dev.referee.operator.registry.pins.PinnedRegistry;
import dev.referee.operator.registry.pins.ServiceAccountName;
import dev.referee.registry.CollectionSchedule;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.content.CollectionPolicy;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import dev.referee.testing.Artifacts;
import dev.referee.testing.tls.TrustedClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs is not collected: a registry with the very files that the operator wrote for it, an
/// operator with its own rights and a token of the API server's, and days that pass.
@OnCluster
class PinsE2E {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);
  private static final Duration PATIENCE = RegistryUser.PATIENCE;

  @TempDir private Path folder;
  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(later.get());
  private final AtomicReference<Set<PodImage>> running = new AtomicReference<>(Set.of());

  @Test
  void keepsWhatRunsAsLongAsItDoes(Cluster cluster) throws Exception {
    try (var operator = RunningOperator.start(cluster, "registry.test/referee:none");
        var namespace = TemporaryNamespace.in(cluster, Map.of())) {
      operator.grantSecrets(namespace.name());
      var user = new RegistryUser(cluster, namespace);
      user.apply(
          "images",
          """
          {storage: {persistentVolume: {size: 1Gi}}, access: {anonymousRead: true},
            nodePort: 30955, retention: {untagged: 10m, grace: 10m}}
          """);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(user.status("images").path("caBundle").asText()).isNotEmpty());
      var kept = pushUntagged("apps/kept");
      var left = pushUntagged("apps/left");

      try (var registry = serve(user)) {
        var endpoint = user.status("images").path("endpoint").asText();
        running.set(Set.of(new PodImage("%s/apps/kept:v1".formatted(endpoint), kept)));
        var meters = new SimpleMeterRegistry();
        try (var renewal = renew(operator, registry, meters)) {
          assertThat(renewal).isNotNull();
          awaitRenewals(meters, 1);
          assertThat(exists(user, registry, "apps/left", left)).isTrue();

          later.set(Duration.ofHours(1));
          awaitGone(user, registry, "apps/left", left);
          assertThat(exists(user, registry, "apps/kept", kept)).isTrue();

          // Each jump is longer than half of a lease; the third is beyond the end of the first.
          for (int jump = 1; jump <= 3; jump++) {
            later.set(Duration.ofHours(1 + 10L * jump));
            awaitRenewals(meters, 1 + jump);
          }
          assertThat(exists(user, registry, "apps/kept", kept)).isTrue();
        }
        // The operator is gone, or the pod: either way nobody renews, and a day later it goes.
        later.set(Duration.ofHours(50));
        assertThat(exists(user, registry, "apps/kept", kept)).isTrue();
        later.set(Duration.ofHours(56));
        awaitGone(user, registry, "apps/kept", kept);
      }
    }
  }

  /// As an image is whose tag has moved on.
  private Digest pushUntagged(String name) throws Exception {
    var vertx = Vertx.vertx();
    try (var open = Registry.start(RegistryConfig.of(folder.resolve("root"), ANY).build());
        var client = new RegistryClient(vertx, RegistryClientConfig.defaults())) {
      var repository = new Repository(open.uri().getAuthority(), name);
      return Artifacts.image(client.open(repository, Deadline.in(PATIENCE)), name, null).digest();
    } finally {
      vertx.close().await();
    }
  }

  /// The registry of the OciRegistry's pod, but for where the pod has its files.
  private Registry serve(RegistryUser user) throws Exception {
    var access =
        user.client().configMaps().inNamespace(user.namespace()).withName("images-access").get();
    for (var file : access.getData().entrySet()) {
      Files.writeString(
          folder.resolve(file.getKey()),
          file.getValue().replace("/etc/referee/access", folder.toString()));
    }
    var serving =
        user.client().secrets().inNamespace(user.namespace()).withName("images-tls").get();
    for (var file : List.of("tls.crt", "tls.key")) {
      Files.write(folder.resolve(file), Base64.getDecoder().decode(serving.getData().get(file)));
    }
    var policy = new CollectionPolicy(Duration.ofMinutes(10), Duration.ofMinutes(10), false);
    return Registry.start(
        RegistryConfig.of(folder.resolve("root"), ANY)
            .tls(new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key")))
            // Tokens live by the API server's clock.
            .access(FileAccess.open(folder.resolve("access.json"), null, InstantSource.system()))
            .collection(new CollectionSchedule(policy, Duration.ofMillis(200)))
            .clock(clock)
            .build());
  }

  private PinRenewal renew(
      RunningOperator operator, Registry registry, SimpleMeterRegistry meters) {
    var account = ServiceAccountName.of(operator.client()).orElseThrow();
    assertThat(account).isEqualTo(operator.account());
    var registries =
        new ClusterPinnedRegistries(
            operator.client(), OciRegistriesConfig.of("registry.test/referee:none"));
    return PinRenewal.start(
        () -> Optional.of(running.get()),
        // There is no node: what a Service would lead to is on loopback.
        () ->
            registries.get().stream()
                .map(
                    found ->
                        new PinnedRegistry(
                            found.endpoint(), registry.uri().getAuthority(), found.caBundle()))
                .toList(),
        new OwnTokens(operator.client(), account, InstantSource.system()),
        meters,
        clock,
        Duration.ofMillis(200));
  }

  private static void awaitRenewals(SimpleMeterRegistry meters, int least) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var counter =
                  meters.find("referee.pins.renewals").tag("outcome", "renewed").counter();
              assertThat(counter == null ? 0 : counter.count()).isGreaterThanOrEqualTo(least);
            });
  }

  private static void awaitGone(RegistryUser user, Registry registry, String name, Digest digest) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(exists(user, registry, name, digest)).isFalse());
  }

  private static boolean exists(RegistryUser user, Registry registry, String name, Digest digest)
      throws Exception {
    var authority =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(
                        requireNonNull(user.status("images").path("caBundle").asText())
                            .getBytes(UTF_8)));
    try (var client = TrustedClient.of(authority)) {
      var uri = registry.uri().resolve("/v2/%s/manifests/%s".formatted(name, digest));
      int status =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
      assertThat(status).isIn(200, 404);
      return status == 200;
    }
  }
}
