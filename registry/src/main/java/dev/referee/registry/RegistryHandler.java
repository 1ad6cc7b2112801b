package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.registry.access.Access;
import dev.referee.registry.access.Caller;
import dev.referee.registry.access.Presented;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.events.Events;
import dev.referee.registry.mirror.Supply;
import dev.referee.registry.storage.StorageException;
import dev.referee.server.Exchange;
import dev.referee.server.ExchangeException;
import dev.referee.server.ExchangeHandler;
import dev.referee.server.Metrics;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Answers every request: finds its route, lets the route's endpoint answer, and turns refusals
/// into error bodies.
final class RegistryHandler implements ExchangeHandler {
  private static final byte[] EMPTY = "{}".getBytes(UTF_8);

  /// When to come back after a refusal that will pass.
  private static final String RETRY_SECONDS = "10";

  private final Access access;
  private final Challenges challenges;
  private final @Nullable TokenEndpoint tokens;
  private final Metrics metrics;
  private final RequestMeters meters;
  private final ManifestEndpoint manifests;
  private final BlobEndpoint blobs;
  private final UploadEndpoint uploads;
  private final CatalogEndpoint catalog;
  private final TagListEndpoint tags;
  private final ReferrersEndpoint referrers;
  private final PinEndpoint pins;

  RegistryHandler(
      RegistryContent content,
      Access access,
      Challenges challenges,
      Metrics metrics,
      Events events,
      Supply supply,
      InstantSource clock) {
    this.access = access;
    this.challenges = challenges;
    var service = access.tokens();
    this.tokens = service == null ? null : new TokenEndpoint(service);
    this.metrics = metrics;
    this.meters = new RequestMeters(metrics.registry());
    this.manifests =
        new ManifestEndpoint(content.manifests(), content.tags(), supply, events, clock);
    this.blobs = new BlobEndpoint(content.blobs(), supply, events, clock);
    this.uploads = new UploadEndpoint(content.uploads(), content.blobs());
    this.catalog = new CatalogEndpoint(content.repositories());
    this.tags = new TagListEndpoint(content.repositories(), content.tags());
    this.referrers = new ReferrersEndpoint(content.referrers(), supply);
    this.pins = new PinEndpoint(content.pins());
  }

  /// The route of a request, or why it has none.
  private record Target(@Nullable Route route, @Nullable RegistryException refusal) {
    static Target of(String path, boolean tokens) {
      try {
        var route = Route.parse(path);
        return tokens || !(route instanceof Route.Token)
            ? new Target(route, null)
            : new Target(null, Route.nothingHere());
      } catch (RegistryException e) {
        return new Target(null, e);
      }
    }
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (exchange.path().equals(Metrics.PATH)) {
      metrics.respond(exchange);
      return;
    }
    long began = System.nanoTime();
    var target = Target.of(exchange.path(), tokens != null);
    // What whoever called answers for a failure.
    int status = 500;
    try {
      serve(exchange, target);
      status = exchange.status();
    } catch (ExchangeException e) {
      status = e.reason().status();
      throw e;
    } finally {
      meters.answered(target.route(), exchange.method(), status, System.nanoTime() - began);
    }
  }

  private void serve(Exchange exchange, Target target) throws IOException {
    // Old clients look for it before anything else.
    exchange.setHeader("Docker-Distribution-API-Version", "registry/2.0");
    try {
      dispatch(exchange, target);
    } catch (RegistryException e) {
      refuse(exchange, target.route(), e);
    } catch (StorageException e) {
      ErrorBody.respond(exchange, refusal(exchange, e));
    }
  }

  private void refuse(Exchange exchange, @Nullable Route route, RegistryException refusal)
      throws IOException {
    switch (refusal.code()) {
      case UNAUTHORIZED -> {
        try {
          exchange.setHeader(
              "WWW-Authenticate", challenges.of(exchange, route, refusal.tokenFault()));
        } catch (RegistryException e) {
          ErrorBody.respond(exchange, e);
          return;
        }
      }
      case TOOMANYREQUESTS, UNAVAILABLE -> exchange.setHeader("Retry-After", RETRY_SECONDS);
      default -> {}
    }
    ErrorBody.respond(exchange, refusal);
  }

  /// What a client can do about a failure of the store.
  private static RegistryException refusal(Exchange exchange, StorageException e)
      throws StorageException {
    return switch (e.reason()) {
      case NO_SPACE ->
          new RegistryException(ErrorCode.STORAGE_FULL, "the registry's store is full");
      case BUSY, OVERLOADED -> {
        exchange.setHeader("Retry-After", RETRY_SECONDS);
        yield new RegistryException(
            ErrorCode.UNAVAILABLE, "what is needed is in use by another request; try again");
      }
      case CORRUPT, UNAVAILABLE -> throw e;
    };
  }

  private void dispatch(Exchange exchange, Target target) throws IOException {
    var presented =
        new Presented(
            exchange.headers("Authorization"),
            exchange.clientCertificate(),
            exchange.remoteAddress().getAddress());
    var route = target.route();
    if (tokens != null && route instanceof Route.Token) {
      tokens.handle(exchange, presented);
      return;
    }
    var caller = access.caller(presented);
    if (route == null) {
      throw requireNonNull(target.refusal(), "neither a route nor a refusal");
    }
    Permission.of(route, exchange.method(), tokens != null).check(caller);
    answer(exchange, route, caller);
  }

  private void answer(Exchange exchange, Route any, Caller caller) throws IOException {
    switch (any) {
      case Route.Ping _ -> ping(exchange, caller);
      case Route.Catalog _ -> catalog.handle(exchange, caller);
      case Route.OneManifest route -> manifests.handle(exchange, route);
      case Route.OneBlob route -> blobs.handle(exchange, route);
      case Route.AllUploads route -> uploads.handle(exchange, route, caller);
      case Route.OneUpload route -> uploads.handle(exchange, route, caller);
      case Route.TagList route -> tags.handle(exchange, route);
      case Route.ReferrersOf route -> referrers.handle(exchange, route);
      case Route.OnePin route -> pins.handle(exchange, route, caller);
      case Route.Token _ -> throw Route.nothingHere();
    }
  }

  private void ping(Exchange exchange, Caller caller) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw Methods.refuse(exchange, "GET, HEAD");
    }
    if (tokens == null && caller.couldBeGrantedMore()) {
      // RFC 9110 section 11.6.1 has it beside a success, too. skopeo, podman and CRI-O look here
      // only, and would push without their password.
      exchange.setHeader("WWW-Authenticate", Challenges.BASIC);
    }
    exchange.respond(200, "application/json", EMPTY);
  }
}
