package dev.referee.server;

import java.io.IOException;

/// Says to a client that its request failed, in the words of the protocol that is spoken.
@FunctionalInterface
public interface ErrorResponder {
  /// Answers a request whose handler failed, or refused it by an exception.
  ///
  /// @param status the HTTP status
  /// @param message one sentence that the client may see
  void respond(Exchange exchange, int status, String message) throws IOException;
}
