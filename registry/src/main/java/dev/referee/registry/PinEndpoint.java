package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.access.Caller;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.Pin;
import dev.referee.registry.content.Pins;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.time.Duration;

/// Takes, shows and gives up leases on manifests. A lease belongs to whoever took it.
final class PinEndpoint {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Pins pins;

  PinEndpoint(Pins pins) {
    this.pins = pins;
  }

  void handle(Exchange exchange, Route.OnePin route, Caller caller) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" ->
          respond(
              exchange,
              200,
              route,
              pins.of(route.repository(), route.digest(), caller.name())
                  .orElseThrow(() -> unknown(route)));
      case "PUT" ->
          respond(
              exchange,
              201,
              route,
              pins.pin(route.repository(), route.digest(), caller.name(), lease(exchange)));
      case "DELETE" -> {
        if (!pins.release(route.repository(), route.digest(), caller.name())) {
          throw unknown(route);
        }
        exchange.respond(202);
      }
      default -> throw Methods.refuse(exchange, "GET, HEAD, PUT, DELETE");
    }
  }

  private static Duration lease(Exchange exchange) throws IOException {
    var seconds = exchange.query("seconds");
    if (seconds == null) {
      return Pins.DEFAULT_LEASE;
    }
    if (seconds.matches("[0-9]{1,9}")) {
      var lease = Duration.ofSeconds(Long.parseLong(seconds));
      if (lease.compareTo(Pins.MIN_LEASE) >= 0 && lease.compareTo(Pins.MAX_LEASE) <= 0) {
        return lease;
      }
    }
    throw new RegistryException(
        ErrorCode.REQUEST_INVALID,
        "seconds is not a number within %d..%d"
            .formatted(Pins.MIN_LEASE.toSeconds(), Pins.MAX_LEASE.toSeconds()));
  }

  private static void respond(Exchange exchange, int status, Route.OnePin route, Pin pin)
      throws IOException {
    var node = JSON.createObjectNode();
    node.put("repository", route.repository().value())
        .put("digest", pin.digest().toString())
        .put("until", pin.until().toString());
    exchange.respond(status, "application/json", node.toString().getBytes(UTF_8));
  }

  private static RegistryException unknown(Route.OnePin route) {
    return new RegistryException(
        ErrorCode.MANIFEST_UNKNOWN,
        "you hold no lease on %s in this repository".formatted(route.digest()));
  }
}
