package dev.referee.registry;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;

/// Requests with a method that their path does not know (RFC 9110 section 15.5.6).
final class Methods {
  private Methods() {}

  static RegistryException refuse(Exchange exchange, String allowed) {
    exchange.setHeader("Allow", allowed);
    return new RegistryException(
        ErrorCode.UNSUPPORTED, "the method is not allowed here; allowed are " + allowed);
  }
}
