package dev.referee.client;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.oci.json.StrictJson;

/// What an answer means that is not the one that was hoped for.
final class ResponseFault {
  private static final int MAX_BODY = 16 << 10;
  private static final int MAX_QUOTED = 200;

  private ResponseFault() {}

  static SourceReason reason(int status) {
    return switch (status) {
      case 401 -> SourceReason.UNAUTHORIZED;
      case 403 -> SourceReason.FORBIDDEN;
      case 429 -> SourceReason.RATE_LIMITED;
      default -> status >= 500 ? SourceReason.SERVER_ERROR : SourceReason.MALFORMED_RESPONSE;
    };
  }

  /// The exception for an answer, with the registry's own words where it sent some
  /// (distribution-spec v1.1.1, "Error Codes").
  static SourceException of(HttpRequest request, HttpResponse response) {
    return new SourceException(
        reason(response.status()),
        "%s was answered %d%s".formatted(request, response.status(), words(response)));
  }

  private static String words(HttpResponse response) {
    try {
      var errors = StrictJson.readObject(response.bytes(MAX_BODY), MAX_BODY).objects("errors");
      if (errors.isEmpty()) {
        return "";
      }
      var first = errors.getFirst();
      var message = first.optionalText("message");
      return printable(" " + first.text("code") + (message == null ? "" : ": " + message));
    } catch (SourceException | MalformedContentException e) {
      // Not the specified form: the status has to do.
      return "";
    }
  }

  /// The words end up in logs and on terminals.
  private static String printable(String text) {
    var clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() <= MAX_QUOTED ? clean : clean.substring(0, MAX_QUOTED) + "...";
  }
}
