package dev.referee.e2e.operator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.gate.ClusterPolicies;
import dev.referee.operator.OperatorConfig;
import dev.referee.operator.Reconciliation;
import dev.referee.operator.admission.WebhookEndpoint;
import dev.referee.operator.cluster.ClusterWrites;
import dev.referee.operator.cluster.Writes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An operator is killed at each of its writes, before and after. Whatever is left is consistent,
/// and the next operator finishes it.
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledOperatorE2E {
  private static final WebhookEndpoint ENDPOINT =
      new WebhookEndpoint.AtUrl(URI.create("https://127.0.0.1:1"));
  private static final String NAME = "referee";

  /// More writes than there are, so that a loop without an end fails.
  private static final int MAX_WRITES = 40;

  private Cluster cluster;
  private KubernetesClient client;
  private TemporaryNamespace namespace;
  private ClusterPolicies policies;

  @BeforeEach
  void begin(Cluster cluster) {
    this.cluster = cluster;
    this.client = cluster.client();
    Definitions.install(cluster);
    removeConfigurations();
    namespace = TemporaryNamespace.in(cluster, Map.of());
    policies = ClusterPolicies.watch(client, namespace.name());
    Awaitility.await().atMost(Duration.ofSeconds(90)).until(policies::isReady);
  }

  @AfterEach
  void end() {
    removeConfigurations();
    policies.close();
    namespace.close();
  }

  private void removeConfigurations() {
    cluster
        .kubectl()
        .run(
            "delete",
            "validatingwebhookconfiguration,mutatingwebhookconfiguration",
            NAME,
            "--ignore-not-found");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesNothingHalfWrittenWhenItBegins(boolean after) {
    assertThat(killAtEachWrite(after, Instant.now(), this::removeEverything)).isGreaterThan(3);
  }

  /// Years later everything is due at once: another authority, another certificate.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesNothingHalfWrittenWhenItRenews(boolean after) {
    var later = Instant.now().plus(Duration.ofDays(550));

    assertThat(
            killAtEachWrite(
                after,
                later,
                () -> {
                  removeEverything();
                  var _ = reconciliation(new ClusterWrites(client), Instant.now()).run();
                }))
        .isGreaterThan(4);
  }

  /// @return how many writes there are
  private int killAtEachWrite(boolean after, Instant now, Runnable before) {
    for (int last = 1; last <= MAX_WRITES; last++) {
      before.run();
      boolean killed = false;
      try {
        var writes = new InterruptedWrites(new ClusterWrites(client), last, after);
        var _ = reconciliation(writes, now).run();
      } catch (InterruptedWrites.Killed _) {
        killed = true;
      }
      assertConsistent("killed at write " + last);

      var _ = reconciliation(new ClusterWrites(client), now).run();

      assertConsistent("finished after write " + last);
      assertThat(bundle()).as("registered after write %d", last).isPresent();
      assertThat(authority(now)).as("valid after write %d", last).isTrue();
      if (!killed) {
        return last - 1;
      }
    }
    throw new AssertionError("there are more than %d writes".formatted(MAX_WRITES));
  }

  private void removeEverything() {
    removeConfigurations();
    client.secrets().inNamespace(namespace.name()).delete();
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> client.secrets().inNamespace(namespace.name()).list().getItems().isEmpty());
  }

  private Reconciliation reconciliation(Writes writes, Instant now) {
    var config = OperatorConfig.of(namespace.name(), "killed", ENDPOINT, null);
    return new Reconciliation(
        client, config, policies, writes, (_, _) -> Optional.empty(), () -> now);
  }

  /// What API servers are told to trust is what the webhook shows.
  private void assertConsistent(String when) {
    var bundle = bundle();
    var serving = served();
    if (bundle.isEmpty() || serving.isEmpty()) {
      return;
    }
    assertThat(bundle.get()).as(when).anyMatch(authority -> signed(authority, serving.get()));
  }

  private boolean authority(Instant now) {
    return served()
        .map(
            certificate ->
                certificate instanceof X509Certificate x509
                    && x509.getNotAfter().toInstant().isAfter(now)
                    && x509.getNotBefore().toInstant().isBefore(now))
        .orElse(false);
  }

  private static boolean signed(Certificate authority, Certificate serving) {
    try {
      serving.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private Optional<Collection<? extends Certificate>> bundle() {
    var configuration =
        client.admissionRegistration().v1().validatingWebhookConfigurations().withName(NAME).get();
    return Optional.ofNullable(configuration)
        .map(found -> certificates(found.getWebhooks().getFirst().getClientConfig().getCaBundle()));
  }

  private Optional<Certificate> served() {
    var secret =
        client.secrets().inNamespace(namespace.name()).withName("referee-webhook-tls").get();
    return Optional.ofNullable(secret)
        .map(found -> certificates(found.getData().getOrDefault("tls.crt", "")).iterator().next());
  }

  private static Collection<? extends Certificate> certificates(String encoded) {
    try {
      var pem = new String(Base64.getDecoder().decode(encoded), US_ASCII);
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("not certificates", e);
    }
  }
}
