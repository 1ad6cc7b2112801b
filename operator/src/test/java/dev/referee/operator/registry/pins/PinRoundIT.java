package dev.referee.operator.registry.pins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.referee.oci.Digest;
import dev.referee.operator.audit.PodImage;
import dev.referee.testing.tls.CertificateAuthority;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of registries, over real TLS.
class PinRoundIT {
  private static final String ENDPOINT = "images.shop.svc.cluster.local:5000";
  private static final Digest DIGEST = Digest.of("image".getBytes(UTF_8));

  private final CertificateAuthority authority = CertificateAuthority.create("CN=registry");
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Set<PodImage> images = new HashSet<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private HttpsServer server;
  private volatile int code = 201;

  @BeforeEach
  void serve() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(authority.server("CN=x", List.of("127.0.0.1")).sslContext()));
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(code, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksForWhatRunsByItsDigestAndOnlyWhereItCameFrom() throws Exception {
    var other = Digest.of("other".getBytes(UTF_8));
    images.add(new PodImage(ENDPOINT + "/apps/cart:1.4", DIGEST));
    images.add(new PodImage(ENDPOINT + "/apps/cart@" + other, null));
    images.add(new PodImage(ENDPOINT + "/apps/tag-only:v1", null));
    images.add(new PodImage("docker.io/library/nginx@" + other, DIGEST));
    images.add(new PodImage("no image at all", DIGEST));

    round().run();

    assertThat(asked)
        .containsExactlyInAnyOrder(
            "PUT /_referee/v1/pins/apps/cart/%s?seconds=86400 Bearer token for %s"
                .formatted(DIGEST, ENDPOINT),
            "PUT /_referee/v1/pins/apps/cart/%s?seconds=86400 Bearer token for %s"
                .formatted(other, ENDPOINT));
    assertThat(counted("renewed")).isEqualTo(2);
    assertThat(meters.get("referee.pins.wanted").gauge().value()).isEqualTo(2);
  }

  @Test
  void renewsLongBeforeTheLeaseEndsAndNotAtEveryLook() throws Exception {
    images.add(new PodImage(ENDPOINT + "/apps/cart:1.4", DIGEST));
    var round = round();
    for (int minutes = 0; minutes < 60; minutes++) {
      round.run();
      now.updateAndGet(before -> before.plusSeconds(60));
    }
    assertThat(asked).hasSize(1);
    now.updateAndGet(before -> before.plus(Duration.ofHours(8)));
    round.run();
    assertThat(asked).hasSize(2);
  }

  /// One question is enough to hear that a registry does not want any.
  @ParameterizedTest
  @CsvSource({
    "401, refused, 1",
    "403, refused, 1",
    "503, failed, 1",
    "302, failed, 1",
    "404, absent, 5"
  })
  void asksOnceWhereNothingIsToBeHad(int answer, String outcome, int questions) throws Exception {
    for (int i = 0; i < 5; i++) {
      images.add(new PodImage(ENDPOINT + "/apps/cart-%d:v1".formatted(i), DIGEST));
    }
    code = answer;
    var round = round();
    round.run();
    assertThat(asked).hasSize(questions);
    assertThat(counted(outcome)).isEqualTo(questions);

    code = 201;
    now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
    round.run();
    assertThat(counted("renewed")).isEqualTo(5);
  }

  /// A token goes to nobody who does not prove to be the registry.
  @Test
  void saysNothingToAStranger() throws Exception {
    images.add(new PodImage(ENDPOINT + "/apps/cart:1.4", DIGEST));
    var stranger = CertificateAuthority.create("CN=registry").certificatePem();

    round(new PinnedRegistry(ENDPOINT, address(), stranger)).run();
    round(new PinnedRegistry(ENDPOINT, address(), "no certificate")).run();

    assertThat(asked).isEmpty();
    assertThat(counted("failed")).isEqualTo(2);
  }

  @Test
  void oneRegistryKeepsNoOtherWaiting() throws Exception {
    images.add(new PodImage("gone.shop.svc.cluster.local:5000/apps/cart:1.4", DIGEST));
    images.add(new PodImage("tokenless.shop.svc.cluster.local:5000/apps/cart:1.4", DIGEST));
    images.add(new PodImage(ENDPOINT + "/apps/cart:1.4", DIGEST));
    round(
            new PinnedRegistry("gone.shop.svc.cluster.local:5000", "127.0.0.1:1", ""),
            new PinnedRegistry("tokenless.shop.svc.cluster.local:5000", address(), ""),
            registry())
        .run();
    assertThat(asked).hasSize(1);
  }

  @Test
  void doesNothingWhileNobodyKnowsWhatRuns() throws Exception {
    new PinRound(
            Optional::empty,
            () -> List.of(registry()),
            audience -> audience,
            new PinMeters(meters),
            now::get)
        .run();
    assertThat(asked).isEmpty();
  }

  private double counted(String outcome) {
    return meters.get("referee.pins.renewals").tag("outcome", outcome).counter().count();
  }

  private PinRound round() {
    return round(registry());
  }

  private PinRound round(PinnedRegistry... registries) {
    return new PinRound(
        () -> Optional.of(Set.copyOf(images)),
        () -> List.of(registries),
        audience -> {
          if (audience.startsWith("tokenless")) {
            throw new KubernetesClientException("no token for you");
          }
          return "token for " + audience;
        },
        new PinMeters(meters),
        now::get);
  }

  private PinnedRegistry registry() {
    return new PinnedRegistry(ENDPOINT, address(), authority.certificatePem());
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }
}
