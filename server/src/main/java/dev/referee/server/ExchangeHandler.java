package dev.referee.server;

/// Answers requests.
@FunctionalInterface
public interface ExchangeHandler {
  /// Answers one request. Runs on a virtual thread of its own, so it may block.
  ///
  /// It responds exactly once. What it throws becomes a response too: the client's faults
  /// ([ExchangeException]) their own status, everything else a 500.
  void handle(Exchange exchange) throws Exception;
}
