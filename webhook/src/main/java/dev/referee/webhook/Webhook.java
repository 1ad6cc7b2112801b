package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.gate.Gate;
import dev.referee.oci.Deadline;
import dev.referee.server.BodyTooLargeException;
import dev.referee.server.Exchange;
import dev.referee.server.ExchangeException;
import dev.referee.server.HttpService;
import dev.referee.server.HttpServiceConfig;
import dev.referee.server.ServerStartException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The admission server: `POST /validate` over HTTPS. Every request that arrives whole is answered
/// with a verdict and status 200; what the API server would make of anything else is up to its
/// failure policy.
public final class Webhook implements AutoCloseable {
  private static final String PATH = "/validate";
  private static final String JSON = "application/json";

  /// Reviews at the same time. Each holds an object of some kilobytes and waits for a registry.
  private static final int MAX_REVIEWS = 512;

  /// How long a review waits for its turn. What comes after is answered, too: that it is too much.
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final HttpService service;

  private Webhook(HttpService service) {
    this.service = requireNonNull(service, "service is null");
  }

  /// Starts the server, which serves when this returns. `/readyz` answers 200 when policies are
  /// known.
  ///
  /// @throws ServerStartException with a sentence, when the address or the TLS files do not serve
  public static Webhook start(WebhookConfig config, Gate gate) throws ServerStartException {
    var judge = new AdmissionJudge(gate);
    var http =
        HttpServiceConfig.listening(config.listen())
            .name("webhook")
            .tls(config.tls())
            .maxConcurrentRequests(MAX_REVIEWS)
            .maxWait(MAX_WAIT)
            .overloaded(Webhook::refuse)
            .ready(gate::isReady)
            .build();
    return new Webhook(HttpService.start(http, exchange -> answer(exchange, judge)));
  }

  /// Where it is reached.
  public URI uri() {
    return service.uri();
  }

  private static void answer(Exchange exchange, AdmissionJudge judge) throws IOException {
    if (!exchange.path().equals(PATH)) {
      exchange.respondText(404, "only " + PATH + " is here");
      return;
    }
    if (!exchange.method().equals("POST")) {
      exchange.setHeader("Allow", "POST");
      exchange.respondText(405, PATH + " takes POST");
      return;
    }
    var deadline = ReviewDeadline.of(timeout(exchange));
    exchange.respond(200, JSON, ReviewCodec.write(review(exchange, judge, deadline)));
  }

  private static AdmissionResponse review(
      Exchange exchange, AdmissionJudge judge, Deadline deadline) throws IOException {
    try {
      return judge.judge(ReviewCodec.read(exchange.body(ReviewCodec.MAX_BYTES)), deadline);
    } catch (MalformedReviewException e) {
      return AdmissionResponse.deny(e.uid(), String.valueOf(e.getMessage()), List.of());
    } catch (BodyTooLargeException e) {
      return AdmissionResponse.deny(
          "",
          "the admission review has more than %d bytes".formatted(ReviewCodec.MAX_BYTES),
          List.of());
    }
  }

  /// A query that cannot be read is no reason not to answer.
  private static @Nullable String timeout(Exchange exchange) {
    try {
      return exchange.query("timeout");
    } catch (ExchangeException e) {
      return null;
    }
  }

  /// Denies what there is no room for, with its uid, so that it is our answer and not a failure.
  private static void refuse(Exchange exchange) throws IOException {
    String uid;
    try {
      uid = ReviewCodec.read(exchange.body(ReviewCodec.MAX_BYTES)).uid();
    } catch (MalformedReviewException e) {
      uid = e.uid();
    }
    exchange.respond(
        200,
        JSON,
        ReviewCodec.write(
            AdmissionResponse.deny(
                uid, "Referee has too many reviews under way; try again in a moment", List.of())));
  }

  /// Stops taking reviews and waits for those under way.
  public void drain(Duration patience) {
    service.drain(patience);
  }

  @Override
  public void close() {
    service.close();
  }
}
