package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.ClusterPolicies;
import dev.referee.operator.admission.WebhookConfigurations;
import dev.referee.operator.admission.WebhookProbe;
import dev.referee.operator.certificates.CertificateSecrets;
import dev.referee.operator.cluster.ClusterWrites;
import dev.referee.server.HttpService;
import dev.referee.server.HttpServiceConfig;
import dev.referee.server.ListenAddress;
import dev.referee.server.Metrics;
import dev.referee.server.ServerStartException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operator: leads or stands by, and serves its health and its metrics.
public final class Operator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Operator.class);

  private final Leadership leadership;
  private final HttpService service;

  private Operator(Leadership leadership, HttpService service) {
    this.leadership = requireNonNull(leadership, "leadership is null");
    this.service = requireNonNull(service, "service is null");
  }

  /// Starts the operator, which works when the API server lets it.
  ///
  /// @param client not closed with the operator
  /// @param policies watches our objects; not closed with the operator
  /// @param listen where `/livez`, `/readyz` and `/metrics` are served, in plain HTTP
  /// @param metrics keeps what is counted; not closed with the operator
  /// @param more what else a leader does
  /// @throws ServerStartException with a sentence, when the address does not serve
  public static Operator start(
      KubernetesClient client,
      OperatorConfig config,
      ClusterPolicies policies,
      ListenAddress listen,
      Metrics metrics,
      InstantSource clock,
      List<Supplier<AutoCloseable>> more)
      throws ServerStartException {
    var service =
        HttpService.start(
            HttpServiceConfig.listening(listen).name("operator").build(),
            exchange -> {
              if (exchange.path().equals(Metrics.PATH)) {
                metrics.respond(exchange);
              } else {
                exchange.respondText(404, "only /livez, /readyz and /metrics are here");
              }
            });
    var reconciliation =
        new Reconciliation(
            client, config, policies, new ClusterWrites(client), WebhookProbe.https(), clock);
    var meters = metrics.registry();
    var tasks = new ArrayList<Supplier<AutoCloseable>>();
    tasks.add(
        () ->
            new Work(
                client,
                config,
                policies,
                Worker.start(
                    "reconciliation",
                    () -> timed(reconciliation, metrics),
                    config.retry(),
                    clock)));
    tasks.addAll(more);
    var leadership = Leadership.seek(client, config, tasks);
    Gauge.builder("referee.operator.leader", leadership, l -> l.isLeading() ? 1 : 0)
        .description("Whether this operator does the work")
        .register(meters);
    return new Operator(leadership, service);
  }

  private static Instant timed(Reconciliation reconciliation, Metrics metrics) {
    var sample = Timer.start(metrics.registry());
    var outcome = "failed";
    try {
      var next = reconciliation.run();
      outcome = "done";
      return next;
    } finally {
      sample.stop(
          Timer.builder("referee.operator.reconciliation")
              .description("Looks at everything that the operator keeps in order")
              .tag("outcome", outcome)
              .register(metrics.registry()));
    }
  }

  /// Where its health is served.
  public URI uri() {
    return service.uri();
  }

  @Override
  public void close() {
    leadership.close();
    service.close();
  }

  /// What a leader does: it looks at everything whenever something of it changed.
  private static final class Work implements AutoCloseable {
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final Worker worker;

    Work(KubernetesClient client, OperatorConfig config, ClusterPolicies policies, Worker worker) {
      this.worker = worker;
      policies.onChange(worker::trigger);
      var registrations = client.admissionRegistration().v1();
      watch(registrations.validatingWebhookConfigurations().withName(WebhookConfigurations.NAME));
      watch(registrations.mutatingWebhookConfigurations().withName(WebhookConfigurations.NAME));
      for (var secret : List.of(CertificateSecrets.AUTHORITY, CertificateSecrets.SERVING)) {
        watch(client.secrets().inNamespace(config.namespace()).withName(secret));
      }
    }

    private <T extends HasMetadata> void watch(Informable<T> object) {
      var informer = object.runnableInformer(0);
      informer.addEventHandler(new Triggering<>(worker));
      informer.exceptionHandler(
          (started, cause) -> {
            LOG.debug("a watch is interrupted and tried again: {}", cause.getMessage());
            return true;
          });
      var _ = informer.start();
      informers.add(informer);
    }

    @Override
    public void close() {
      informers.forEach(SharedIndexInformer::stop);
      worker.close();
    }
  }

  /// Whatever happens is a reason to look.
  private record Triggering<T extends HasMetadata>(Worker worker)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      worker.trigger();
    }

    @Override
    public void onUpdate(T before, T after) {
      worker.trigger();
    }

    @Override
    public void onDelete(T object, boolean lastStateUnknown) {
      worker.trigger();
    }
  }
}
