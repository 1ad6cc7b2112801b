package dev.referee.server;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What a client is told whose bytes are no HTTP, or more of it than is read (RFC 9112, section 3;
/// RFC 6585, section 5). There is no exchange then, and the connection ends with the answer.
///
/// @param contentType of the body
/// @param body the words of the protocol that is spoken
@SuppressWarnings("ArrayRecordComponent") // Made to be sent, and never compared.
public record MalformedAnswer(String contentType, byte[] body) {
  /// Makes the answer.
  @FunctionalInterface
  public interface Maker {
    /// Makes it.
    ///
    /// @param status 400, 414 or 431
    /// @param message one sentence that the client may see
    MalformedAnswer make(int status, String message);
  }

  static MalformedAnswer text(int status, String message) {
    return new MalformedAnswer("text/plain; charset=utf-8", (message + "\n").getBytes(UTF_8));
  }
}
