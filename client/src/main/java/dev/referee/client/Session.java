package dev.referee.client;

import static dev.referee.oci.SourceReason.REDIRECT_REFUSED;
import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.UNREACHABLE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Conversations with registries: finds out how each is reached, proves who asks, follows redirects
/// and tries again where that may help. Credentials stay with the origin they belong to.
final class Session {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final Transport transport;
  private final RegistryClientConfig config;
  private final Authorization authorization;
  private final Origins origins;
  private final @Nullable Throttle throttle;

  Session(Transport transport, RegistryClientConfig config) {
    this.transport = requireNonNull(transport, "transport is null");
    this.config = requireNonNull(config, "config is null");
    this.throttle = config.rate() == null ? null : new Throttle(config.rate(), System::nanoTime);
    this.origins = new Origins(transport, config);
    this.authorization = new Authorization(new TokenService(transport, config));
  }

  /// Where redirects of an answer may lead.
  enum Redirects {
    /// Anywhere that is not worse than where they come from, as for blobs in a CDN.
    ANYWHERE,
    /// Nowhere else: some registries redirect what they do not know to a web page.
    SAME_ORIGIN
  }

  /// The origin at which a repository's registry answers.
  Origin origin(Repository repository, Deadline deadline) throws SourceException {
    return origins.of(repository, deadline);
  }

  /// Asks a registry, with whatever proof it wants.
  HttpResponse send(HttpRequest request, Scope scope, Redirects redirects, Deadline deadline)
      throws SourceException {
    var identified = request.with("User-Agent", config.userAgent());
    for (int attempt = 1; ; attempt++) {
      try {
        var response = sendAuthorized(identified, scope, redirects, deadline);
        var pause = pauseBefore(request, response, attempt, deadline);
        if (pause.isEmpty()) {
          return response;
        }
        response.close();
        sleep(pause.get());
      } catch (SourceException e) {
        // A kept connection that the server closed meanwhile breaks on its first use.
        if (e.reason() != UNREACHABLE
            || !request.isRepeatable()
            || attempt == MAX_ATTEMPTS
            || Origins.neverConnected(e)
            || deadline.hasPassed()) {
          throw e;
        }
      }
    }
  }

  private HttpResponse sendAuthorized(
      HttpRequest request, Scope scope, Redirects redirects, Deadline deadline)
      throws SourceException {
    var origin = Origin.of(request.uri());
    // Proof is for the registry alone; an upload that is continued elsewhere goes without.
    var credentials =
        origin.equals(origin(scope.repository(), deadline))
            ? config.credentials().credentials(scope.repository())
            : Credentials.ANONYMOUS;
    var header = authorization.current(origin, scope, credentials);
    var response = follow(request, header, redirects, deadline);
    if (response.status() != 401 || !Origin.of(response.uri()).equals(origin)) {
      return response;
    }
    List<Challenge> challenges =
        response.headers("WWW-Authenticate").stream()
            .flatMap(value -> Challenge.parse(value).stream())
            .toList();
    var answer = authorization.answer(origin, challenges, scope, credentials, header, deadline);
    if (answer.isEmpty()) {
      return response;
    }
    response.close();
    return follow(request, answer, redirects, deadline);
  }

  private HttpResponse follow(
      HttpRequest request, Optional<String> header, Redirects redirects, Deadline deadline)
      throws SourceException {
    var first = Origin.of(request.uri());
    var current = request;
    for (int hop = 0; ; hop++) {
      var origin = Origin.of(current.uri());
      // Never across origins, also not back again (CVE-2026-50151).
      var proof = origin.equals(first) ? header.orElse(null) : null;
      // Only the registry itself asked for patience.
      if (throttle != null && origin.equals(first)) {
        sleep(throttle.take(deadline));
      }
      var response = transport.send(current, proof, deadline);
      if (!response.isRedirect() || !request.isSafe()) {
        return response;
      }
      var target = target(current, response);
      var targetOrigin = Origin.of(target);
      if (redirects == Redirects.SAME_ORIGIN && !targetOrigin.equals(first)) {
        return response;
      }
      response.close();
      if (hop == MAX_REDIRECTS) {
        throw new SourceException(
            REDIRECT_REFUSED,
            "%s was redirected more than %d times".formatted(request, MAX_REDIRECTS));
      }
      if (origin.isEncrypted() && !targetOrigin.isEncrypted()) {
        throw new SourceException(
            REDIRECT_REFUSED,
            "%s was redirected to %s, which is not encrypted".formatted(request, targetOrigin));
      }
      current = current.to(target);
    }
  }

  private static URI target(HttpRequest request, HttpResponse response) throws SourceException {
    try {
      var target = UriReference.resolve(request.uri(), response.header("Location").orElse(""));
      // Checked here, so that what follows can rely on it.
      requireNonNull(Origin.of(target), "a redirect leads to an origin");
      return target;
    } catch (IllegalArgumentException e) {
      response.close();
      throw new SourceException(REDIRECT_REFUSED, request + " was redirected to what is no URL", e);
    }
  }

  /// How long to wait before trying again, if that makes sense at all.
  private static Optional<Duration> pauseBefore(
      HttpRequest request, HttpResponse response, int attempt, Deadline deadline) {
    boolean mayPass =
        switch (response.status()) {
          case 429, 502, 503, 504 -> true;
          default -> false;
        };
    if (!mayPass || !request.isSafe() || attempt == MAX_ATTEMPTS) {
      return Optional.empty();
    }
    var backOff = FIRST_PAUSE.multipliedBy(1L << (attempt - 1));
    var jitter = Duration.ofMillis(ThreadLocalRandom.current().nextLong(FIRST_PAUSE.toMillis()));
    var pause = retryAfter(response).orElse(backOff.plus(jitter));
    // What is left has to suffice for an answer, too.
    return pause.multipliedBy(2).compareTo(deadline.remaining()) < 0
        ? Optional.of(pause)
        : Optional.empty();
  }

  private static Optional<Duration> retryAfter(HttpResponse response) {
    return response
        .header("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  private static void sleep(Duration pause) throws SourceException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(TIMEOUT, "waiting for another attempt was given up", e);
    }
  }
}
