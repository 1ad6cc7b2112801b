package dev.referee.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.server.Exchange;
import dev.referee.server.MalformedAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Errors in the form that clients of registries read (distribution-spec v1.1.1, "Error Codes").
final class ErrorBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TYPE = "application/json";

  private ErrorBody() {}

  static void respond(Exchange exchange, RegistryException refusal) throws IOException {
    respond(exchange, refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
  }

  /// For failures that the server found itself, of which it knows no more than the status.
  static void respond(Exchange exchange, int status, String message) throws IOException {
    respond(exchange, status, code(status), message);
  }

  /// For what is no request.
  static MalformedAnswer malformed(int status, String message) {
    return new MalformedAnswer(TYPE, content(code(status), message));
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 400, 408, 414, 431 -> ErrorCode.REQUEST_INVALID;
      case 413 -> ErrorCode.SIZE_INVALID;
      default -> ErrorCode.UNKNOWN;
    };
  }

  static void respond(Exchange exchange, int status, ErrorCode code, String message)
      throws IOException {
    exchange.respond(status, TYPE, content(code, message));
  }

  private static byte[] content(ErrorCode code, String message) {
    var body = JSON.createObjectNode();
    body.putArray("errors").addObject().put("code", code.name()).put("message", message);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
