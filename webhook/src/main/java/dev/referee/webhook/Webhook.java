package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.Gate;
import dev.referee.gate.ScaleTargets;
import dev.referee.server.CertificateWatch;
import dev.referee.server.Exchange;
import dev.referee.server.HttpService;
import dev.referee.server.HttpServiceConfig;
import dev.referee.server.Metrics;
import dev.referee.server.ServerStartException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/// The admission server: `POST /validate` and `POST /mutate` over HTTPS. Every request that arrives
/// whole is answered with a verdict and status 200; what the API server would make of anything else
/// is up to its failure policy.
public final class Webhook implements AutoCloseable {
  /// Reviews at the same time. Each holds an object of some kilobytes and waits for a registry.
  private static final int MAX_REVIEWS = 512;

  /// How long a review waits for its turn. What comes after is answered, too: that it is too much.
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final HttpService service;
  private final CertificateWatch certificate;

  private Webhook(HttpService service, CertificateWatch certificate) {
    this.service = requireNonNull(service, "service is null");
    this.certificate = requireNonNull(certificate, "certificate is null");
  }

  /// Starts the server, which serves when this returns. `/readyz` answers 200 when policies are
  /// known, `/metrics` what was counted.
  ///
  /// @param targets finds what is scaled
  /// @param metrics keeps what is counted; not closed with the webhook
  /// @throws ServerStartException with a sentence, when the address or the TLS files do not serve
  public static Webhook start(
      WebhookConfig config, Gate gate, ScaleTargets targets, Metrics metrics)
      throws ServerStartException {
    var meters = new AdmissionMeters(metrics.registry());
    var reviews =
        new Reviews(new AdmissionJudge(gate, targets, meters), new ImagePins(gate), meters);
    var http =
        HttpServiceConfig.listening(config.listen())
            .name("webhook")
            .tls(config.tls())
            .maxConcurrentRequests(MAX_REVIEWS)
            .maxWait(MAX_WAIT)
            .overloaded(reviews::refuse)
            .ready(gate::isReady)
            .lameDuck(config.lameDuck())
            .build();
    var service = HttpService.start(http, exchange -> answer(exchange, reviews, metrics));
    return new Webhook(
        service, CertificateWatch.start(service, config.tls(), config.certificateInterval()));
  }

  /// Where it is reached.
  public URI uri() {
    return service.uri();
  }

  private static void answer(Exchange exchange, Reviews reviews, Metrics metrics)
      throws IOException {
    if (Reviews.isPath(exchange.path())) {
      reviews.answer(exchange);
    } else if (exchange.path().equals(Metrics.PATH)) {
      metrics.respond(exchange);
    } else {
      exchange.respondText(
          404, "only %s and %s are here".formatted(Reviews.VALIDATE, Reviews.MUTATE));
    }
  }

  /// Stops taking reviews and waits for those under way.
  public void drain(Duration patience) {
    service.drain(patience);
  }

  @Override
  public void close() {
    certificate.close();
    service.close();
  }
}
