package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.StatusClient;
import dev.referee.gate.ClusterGate;
import dev.referee.gate.ClusterScaleTargets;
import dev.referee.gate.Gate;
import dev.referee.gate.NamespaceLabels;
import dev.referee.gate.PolicyFileException;
import dev.referee.gate.ProofTimes;
import dev.referee.gate.RememberedProofs;
import dev.referee.gate.ScaleTargets;
import dev.referee.gate.WatchedFolder;
import dev.referee.gate.registries.MeteredSources;
import dev.referee.gate.revocation.RememberedRevocation;
import dev.referee.server.Metrics;
import dev.referee.server.ShutdownSignal;
import dev.referee.server.TlsFiles;
import dev.referee.webhook.Webhook;
import dev.referee.webhook.WebhookConfig;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `referee webhook`: the admission server.
@Command(
    name = "webhook",
    description = {
      "Runs the admission server.",
      "Policies come from the API server of KUBECONFIG or of the pod's service account,",
      "or from files with --policies."
    })
final class WebhookCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookCommand.class);

  /// Until an API server has heard that an endpoint of a Service is gone.
  private static final Duration POD_LAME_DUCK = Duration.ofSeconds(12);

  private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(1);

  /// How soon a changed file is in force.
  private static final Duration FILE_INTERVAL = Duration.ofSeconds(2);

  @Option(
      names = "--policies",
      paramLabel = "DIR|FILE",
      split = ",",
      description = "Policies, signers and configuration from files; repeats.")
  private List<Path> policies = List.of();

  @Option(
      names = "--lame-duck",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description =
          "How long to serve on after SIGTERM, so that the API server hears of it (12s in a pod,"
              + " else 0s).")
  private @Nullable Duration lameDuck;

  @Mixin private ListenOptions options = new ListenOptions();

  @Mixin private LogOptions logging = new LogOptions();

  @Mixin private RegistryOptions registries = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException, InterruptedException {
    logging.enable();
    var tls = options.tls();
    if (tls == null) {
      throw new MisuseException("--tls-cert and --tls-key are needed: API servers speak TLS only");
    }
    var config =
        new WebhookConfig(options.address("0.0.0.0:8443"), tls).withLameDuck(lameDuckTime());
    var registryConfig = registries.config();
    var vertx = Vertx.vertx();
    try (var signal = ShutdownSignal.install()) {
      if (policies.isEmpty() && !awaitCertificate(tls, signal)) {
        return ExitCode.OK;
      }
      if (policies.isEmpty()) {
        serveFromCluster(config, vertx, registryConfig, signal);
      } else {
        serveFromFiles(config, vertx, registryConfig, signal);
      }
      return ExitCode.OK;
    } finally {
      vertx.close().await();
    }
  }

  private void serveFromFiles(
      WebhookConfig config, Vertx vertx, RegistryClientConfig registryConfig, ShutdownSignal signal)
      throws MisuseException, InterruptedException {
    try (var metrics = new Metrics();
        var source = WatchedFolder.open(policies, FILE_INTERVAL);
        var client = new RegistryClient(vertx, registryConfig);
        var statuses = new StatusClient(vertx, registryConfig);
        var background = Executors.newVirtualThreadPerTaskExecutor()) {
      var memory =
          new RememberedProofs(
              ProofTimes.DEFAULT, System::nanoTime, background, metrics.registry());
      serve(
          config,
          new Gate(
              source,
              NamespaceLabels.UNKNOWN,
              new MeteredSources(client, metrics.registry()),
              new RememberedRevocation(statuses, System::nanoTime),
              memory,
              InstantSource.system()),
          ScaleTargets.UNKNOWN,
          metrics,
          signal);
    } catch (PolicyFileException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private void serveFromCluster(
      WebhookConfig config, Vertx vertx, RegistryClientConfig registryConfig, ShutdownSignal signal)
      throws MisuseException, InterruptedException {
    try (var metrics = new Metrics();
        var kubernetes = new KubernetesClientBuilder().build();
        var cluster =
            ClusterGate.open(
                kubernetes,
                OwnNamespace.find(),
                vertx,
                registryConfig,
                metrics.registry(),
                InstantSource.system())) {
      serve(config, cluster.gate(), new ClusterScaleTargets(kubernetes), metrics, signal);
    } catch (KubernetesClientException e) {
      throw new MisuseException(
          "the API server cannot be asked for policies: " + e.getMessage(), e);
    }
  }

  private Duration lameDuckTime() {
    if (lameDuck != null) {
      return lameDuck;
    }
    return System.getenv("POD_NAME") == null ? Duration.ZERO : POD_LAME_DUCK;
  }

  /// In a cluster the operator makes the certificate, and may come later.
  ///
  /// @return false when the process was asked to stop before
  private static boolean awaitCertificate(TlsFiles tls, ShutdownSignal signal)
      throws InterruptedException {
    boolean told = false;
    while (!Files.exists(tls.certificateChain()) || !Files.exists(tls.key())) {
      if (!told) {
        LOG.info("waiting for {} and {}", tls.certificateChain(), tls.key());
        told = true;
      }
      if (signal.await(CERTIFICATE_INTERVAL)) {
        return false;
      }
    }
    return true;
  }

  private void serve(
      WebhookConfig config, Gate gate, ScaleTargets targets, Metrics metrics, ShutdownSignal signal)
      throws MisuseException, InterruptedException {
    try (var webhook = Webhook.start(config, gate, targets, metrics)) {
      var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
      out.println("listening on " + webhook.uri());
      out.flush();
      signal.await();
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }
}
