package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.server.BodyTooLargeException;
import dev.referee.server.Exchange;
import dev.referee.server.ExchangeException;
import dev.referee.webhook.AdmissionMeters.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// The endpoints at which an API server asks: `/validate` refuses or does not, `/mutate` pins and
/// never refuses.
final class Reviews {
  static final String VALIDATE = "/validate";
  static final String MUTATE = "/mutate";

  /// Under this name every log line about a review has its uid.
  private static final String UID = "uid";

  private static final String JSON = "application/json";

  private final AdmissionJudge judge;
  private final ImagePins pins;
  private final AdmissionMeters meters;

  Reviews(AdmissionJudge judge, ImagePins pins, AdmissionMeters meters) {
    this.judge = requireNonNull(judge, "judge is null");
    this.pins = requireNonNull(pins, "pins is null");
    this.meters = requireNonNull(meters, "meters is null");
  }

  /// Whether the path is one of them.
  static boolean isPath(String path) {
    return path.equals(VALIDATE) || path.equals(MUTATE);
  }

  void answer(Exchange exchange) throws IOException {
    if (!exchange.method().equals("POST")) {
      exchange.setHeader("Allow", "POST");
      exchange.respondText(405, exchange.path() + " takes POST");
      return;
    }
    long begun = System.nanoTime();
    var deadline = ReviewDeadline.of(timeout(exchange));
    Outcome outcome;
    AdmissionResponse response;
    try {
      var request = ReviewCodec.read(exchange.body(ReviewCodec.MAX_BYTES));
      response = review(exchange.path(), request, deadline);
      outcome = outcome(response);
    } catch (MalformedReviewException e) {
      response = AdmissionResponse.deny(e.uid(), String.valueOf(e.getMessage()), List.of());
      outcome = Outcome.MALFORMED;
    } catch (BodyTooLargeException e) {
      response =
          AdmissionResponse.deny(
              "",
              "the admission review has more than %d bytes".formatted(ReviewCodec.MAX_BYTES),
              List.of());
      outcome = Outcome.MALFORMED;
    }
    meters.answered(exchange.path(), outcome, Duration.ofNanos(System.nanoTime() - begun));
    exchange.respond(200, JSON, ReviewCodec.write(response));
  }

  private AdmissionResponse review(String path, AdmissionRequest request, Deadline deadline) {
    try (var _ = MDC.putCloseable(UID, request.uid())) {
      return path.equals(MUTATE) ? pins.pin(request, deadline) : judge.judge(request, deadline);
    }
  }

  private static Outcome outcome(AdmissionResponse response) {
    if (!response.allowed()) {
      return Outcome.DENIED;
    }
    if (response.patch() != null) {
      return Outcome.PATCHED;
    }
    return response.warnings().isEmpty() ? Outcome.ALLOWED : Outcome.WARNED;
  }

  /// A query that cannot be read is no reason not to answer.
  private static @Nullable String timeout(Exchange exchange) {
    try {
      return exchange.query("timeout");
    } catch (ExchangeException e) {
      return null;
    }
  }

  /// Answers what there is no room for, with its uid, so that it is our answer and not a failure.
  /// What would only have been pinned goes on unpinned, to be reviewed like everything else.
  void refuse(Exchange exchange) throws IOException {
    String uid;
    try {
      uid = ReviewCodec.read(exchange.body(ReviewCodec.MAX_BYTES)).uid();
    } catch (MalformedReviewException e) {
      uid = e.uid();
    }
    meters.answered(
        isPath(exchange.path()) ? exchange.path() : "other", Outcome.OVERLOADED, Duration.ZERO);
    var response =
        exchange.path().equals(MUTATE)
            ? AdmissionResponse.allow(uid, List.of())
            : AdmissionResponse.deny(
                uid,
                "OVERLOADED: Referee has too many reviews under way; try again in a moment",
                List.of());
    exchange.respond(200, JSON, ReviewCodec.write(response));
  }
}
