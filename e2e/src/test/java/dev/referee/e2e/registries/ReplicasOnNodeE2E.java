package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.RefereeProcess;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.s3.AbandonedLayers;
import dev.referee.e2e.s3.S3Service;
import dev.referee.e2e.tools.Console;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.registry.AcknowledgedPushes;
import dev.referee.registry.Soak;
import dev.referee.testing.tls.TrustedClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two replicas of a registry over a bucket, behind a Service: pods start from images in them, by
/// the pinned digest, while one replica after the other is killed, others push, and a collector
/// runs all the time. Nothing that was acknowledged is lost.
@OnCluster
@WithClients
@Tag("node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasOnNodeE2E {
  private static final int ROUNDS = Soak.rounds(4);
  private static final int WRITERS = 4;
  private static final String NAME = "replicated";
  private static final String PREFIX = "node";

  private NodeRegistries registries;
  private RegistryUser user;
  private Clients clients;
  private S3Service service;

  @BeforeAll
  void startService(Cluster cluster, Clients clients) throws Exception {
    this.clients = clients;
    registries = NodeRegistries.start(cluster, clients);
    user = registries.user();
    service = S3Service.start(GoBuilds.standard(), cluster.callbackAddress());
  }

  @AfterAll
  void cleanUp() {
    if (registries != null) {
      registries.close();
    }
    if (service != null) {
      service.close();
    }
  }

  @Test
  void servesPodsWhileReplicasDieAndCollectionRuns() throws Exception {
    var endpoint = replicas();
    var token = registries.token(endpoint);
    var address = URI.create("https://" + registries.address(NAME));
    var done = new AtomicBoolean();
    try (var client = trusting();
        var _ = collector();
        var abandoned = AbandonedLayers.in(service, PREFIX);
        var pushes = new AcknowledgedPushes(client, "Bearer " + token, abandoned::push);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        var writers = new ArrayList<Future<Boolean>>();
        for (int i = 0; i < WRITERS; i++) {
          writers.add(executor.submit(() -> pushWhateverDies(pushes, address, done)));
        }
        var pinned = new ArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
          pinned.add(pullWhileAReplicaDies(endpoint, token, round));
        }
        done.set(true);
        for (var writer : writers) {
          assertThat(writer.get()).isTrue();
        }
        registries.ready(NAME, 2);
        // What nobody uses goes, and takes nothing along.
        abandoned.awaitCollected();
        pushes.assertKept(address);
        assertServed(pinned, token);
        Console.standard()
            .say(
                "%d pods ran by digest and %d images were acknowledged through %d kills of replicas; %d layers collected"
                    .formatted(ROUNDS, pushes.size(), ROUNDS, abandoned.size()));
        assertThat(pushes.size()).isGreaterThan(WRITERS * ROUNDS);
      } finally {
        done.set(true);
      }
    }
  }

  /// @return the endpoint of two replicas that serve
  private String replicas() {
    user.secret("bucket", service.secret());
    user.apply(
        NAME,
        """
        {replicas: 2, nodePort: 30944,
         storage: {s3: {endpoint: "%s", bucket: "%s", prefix: "%s", pathStyle: true, credentialsRef: {name: bucket}}},
         access: {anonymousRead: true,
           serviceAccounts: [{name: builder, repositories: ["**"], actions: [Pull, Push]}]}}
        """
            .formatted(service.endpoint(), S3Service.BUCKET, PREFIX));
    var endpoint = registries.ready(NAME, 2);
    registries.tellTheNode(NAME);
    return endpoint;
  }

  /// One more process over the same bucket, which serves nobody: any of them may collect.
  private RefereeProcess collector() throws Exception {
    var home = Files.createDirectories(clients.home().resolve("collector"));
    var options = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
    options.addAll(service.options(PREFIX));
    options.addAll(S3Service.COLLECTING);
    return RefereeProcess.serve(
        home, service.variables(), "registry", options.toArray(String[]::new));
  }

  private HttpClient trusting() throws Exception {
    var bundle = user.status(NAME).path("caBundle").asText().getBytes(UTF_8);
    var authority =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bundle));
    return TrustedClient.of((X509Certificate) authority);
  }

  /// A connection to a replica that dies is opened again, to one that lives.
  private static boolean pushWhateverDies(
      AcknowledgedPushes pushes, URI address, AtomicBoolean done) throws InterruptedException {
    while (!done.get()) {
      pushes.pushUntilGone(address, done::get);
    }
    return true;
  }

  /// Pushes an image, kills a replica without a word, and runs a pod of the image meanwhile.
  ///
  /// @return the image by its digest
  private String pullWhileAReplicaDies(String endpoint, String token, int round) {
    var image = "apps/round-%d:1".formatted(round);
    registries.push(NAME, token, image, "round=" + round);
    var digest =
        registries
            .crane(NAME, token)
            .succeed("digest", registries.address(NAME) + "/" + image)
            .text();
    var pinned = "apps/round-%d@%s".formatted(round, digest);
    // The other one lives, whatever the last round did.
    user.kubectl()
        .succeed(
            "-n", user.namespace(), "rollout", "status", "deployment/" + NAME, "--timeout=100s");
    var replicas =
        user.client()
            .pods()
            .inNamespace(user.namespace())
            .withLabel("app.kubernetes.io/instance", NAME)
            .list()
            .getItems();
    assertThat(replicas).hasSizeGreaterThanOrEqualTo(2);
    var dying = replicas.get(round % replicas.size()).getMetadata().getName();
    user.kubectl()
        .succeed(
            "-n",
            user.namespace(),
            "delete",
            "pod",
            dying,
            "--grace-period=0",
            "--force",
            "--wait=false");
    var pod = "round-" + round;
    assertThat(registries.exitCodeOf(pod, endpoint + "/" + pinned, ""))
        .isEqualTo(TinyImage.EXIT_CODE);
    assertThat(registries.imageOf(pod)).endsWith("@" + digest);
    return pinned;
  }

  private void assertServed(List<String> pinned, String token) {
    var crane = registries.crane(NAME, token);
    for (var image : pinned) {
      var pulled = clients.home().resolve(image.replaceAll("[^a-z0-9]", "-") + ".tar");
      crane.succeed("pull", registries.address(NAME) + "/" + image, pulled.toString());
      assertThat(pulled).isNotEmptyFile();
    }
  }
}
