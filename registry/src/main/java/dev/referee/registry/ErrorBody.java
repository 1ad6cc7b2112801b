package dev.referee.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Errors in the form that clients of registries read (distribution-spec v1.1.1, "Error Codes").
final class ErrorBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ErrorBody() {}

  static void respond(Exchange exchange, RegistryException refusal) throws IOException {
    respond(exchange, refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
  }

  /// For failures that the server found itself, of which it knows no more than the status.
  static void respond(Exchange exchange, int status, String message) throws IOException {
    var code =
        switch (status) {
          case 400, 408 -> ErrorCode.REQUEST_INVALID;
          case 413 -> ErrorCode.SIZE_INVALID;
          default -> ErrorCode.UNKNOWN;
        };
    respond(exchange, status, code, message);
  }

  static void respond(Exchange exchange, int status, ErrorCode code, String message)
      throws IOException {
    var body = JSON.createObjectNode();
    body.putArray("errors").addObject().put("code", code.name()).put("message", message);
    exchange.respond(status, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
