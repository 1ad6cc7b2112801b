package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.ClusterGate;
import dev.referee.operator.Operator;
import dev.referee.operator.OperatorConfig;
import dev.referee.operator.admission.WebhookEndpoint;
import dev.referee.operator.audit.Audit;
import dev.referee.operator.audit.AuditConfig;
import dev.referee.operator.audit.RunningImages;
import dev.referee.operator.registry.ClusterPinnedRegistries;
import dev.referee.operator.registry.OciRegistries;
import dev.referee.operator.registry.OciRegistriesConfig;
import dev.referee.operator.registry.pins.OwnTokens;
import dev.referee.operator.registry.pins.PinRenewal;
import dev.referee.operator.registry.pins.ServiceAccountName;
import dev.referee.server.Metrics;
import dev.referee.server.ShutdownSignal;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `referee operator`: keeps a cluster's installation in order.
@Command(
    name = "operator",
    description = {
      "Runs the operator: the webhook's certificate and configurations, statuses, the audit of",
      "what runs, bundled registries.",
      "It works on the cluster of KUBECONFIG or of the pod's service account."
    })
final class OperatorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorCommand.class);

  @Option(
      names = "--webhook-url",
      paramLabel = "URL",
      description =
          "Where API servers reach the webhook; the Service referee-webhook unless it is given.")
  private @Nullable URI webhook;

  @Option(
      names = "--owner-cluster-role",
      paramLabel = "NAME",
      description = "The ClusterRole with which the webhook configurations are removed.")
  private @Nullable String owner;

  @Mixin private RegistryOptions reached = new RegistryOptions();

  @Mixin private ListenOptions options = new ListenOptions();

  @Mixin private LogOptions logging = new LogOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws MisuseException, InterruptedException {
    logging.enable();
    if (options.tls() != null) {
      throw new MisuseException(
          "--tls-cert and --tls-key are not needed: health and metrics are served in plain HTTP");
    }
    var namespace = OwnNamespace.find();
    var config = OperatorConfig.of(namespace, identity(), endpoint(namespace), owner);
    var registryConfig = reached.config();
    var vertx = Vertx.vertx();
    var running = new RunningImages();
    try (var signal = ShutdownSignal.install();
        var metrics = new Metrics();
        var kubernetes = new KubernetesClientBuilder().build();
        var gate =
            ClusterGate.open(
                kubernetes,
                namespace,
                vertx,
                registryConfig,
                metrics.registry(),
                InstantSource.system());
        var operator =
            Operator.start(
                kubernetes,
                config,
                gate.policies(),
                options.address("0.0.0.0:8080"),
                metrics,
                InstantSource.system(),
                List.of(
                    () ->
                        Audit.start(
                            kubernetes,
                            gate,
                            AuditConfig.in(namespace),
                            running,
                            metrics.registry(),
                            InstantSource.system()),
                    () -> registries(kubernetes, namespace),
                    () -> pins(kubernetes, running, metrics)))) {
      var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
      out.println("listening on " + operator.uri());
      out.flush();
      signal.await();
      return ExitCode.OK;
    } catch (KubernetesClientException e) {
      throw new MisuseException("the API server cannot be used: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    } finally {
      vertx.close().await();
    }
  }

  /// Bundled registries run Referee's own image, which only an installation can name.
  private static AutoCloseable registries(KubernetesClient kubernetes, String namespace) {
    if (!runsRegistries()) {
      LOG.info("{} is not set: no OciRegistry is run", OciRegistriesConfig.IMAGE_VARIABLE);
      return () -> {};
    }
    var config = OciRegistriesConfig.fromEnvironment(System.getenv()).readBy(namespace);
    var account = ServiceAccountName.of(kubernetes);
    return OciRegistries.start(
        kubernetes, account.map(config::pinnedBy).orElse(config), Clock.systemUTC());
  }

  /// Registries accept tokens of service accounts, which only a pod has.
  private static AutoCloseable pins(
      KubernetesClient kubernetes, RunningImages running, Metrics metrics) {
    var account = ServiceAccountName.of(kubernetes);
    if (!runsRegistries() || account.isEmpty()) {
      LOG.info("no registry is told what runs: this is no service account, or runs no registry");
      return () -> {};
    }
    return PinRenewal.start(
        running,
        new ClusterPinnedRegistries(
            kubernetes, OciRegistriesConfig.fromEnvironment(System.getenv())),
        new OwnTokens(kubernetes, account.get(), InstantSource.system()),
        metrics.registry(),
        InstantSource.system(),
        PinRenewal.INTERVAL);
  }

  private static boolean runsRegistries() {
    return !System.getenv().getOrDefault(OciRegistriesConfig.IMAGE_VARIABLE, "").isBlank();
  }

  private WebhookEndpoint endpoint(String namespace) throws MisuseException {
    try {
      return webhook == null
          ? new WebhookEndpoint.OfService(namespace, OperatorConfig.SERVICE)
          : new WebhookEndpoint.AtUrl(webhook);
    } catch (IllegalArgumentException e) {
      throw new MisuseException("--webhook-url: " + e.getMessage(), e);
    }
  }

  /// The pod's name; beside a cluster, something that no other process has.
  private static String identity() {
    var pod = System.getenv("POD_NAME");
    if (pod != null && !pod.isBlank()) {
      return pod;
    }
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + UUID.randomUUID();
    } catch (UnknownHostException _) {
      return UUID.randomUUID().toString();
    }
  }
}
