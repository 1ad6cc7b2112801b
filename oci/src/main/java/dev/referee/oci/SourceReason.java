package dev.referee.oci;

/// Why an artifact could not be read: stable codes.
///
/// The line between the two groups is a security decision. A fault of the transport leaves a
/// question open, and a policy may choose to admit then. Everything else is an answer: nobody who
/// can push content, however large, deep or malformed, may turn it into an open question.
public enum SourceReason {
  /// No connection, or it broke.
  UNREACHABLE(true),
  /// No answer within the time that was given.
  TIMEOUT(true),
  /// The TLS handshake failed, certificates included.
  TLS_FAILED(true),
  /// 401 although every credential there is was offered.
  UNAUTHORIZED(true),
  /// 403.
  FORBIDDEN(true),
  /// 429.
  RATE_LIMITED(true),
  /// 5xx.
  SERVER_ERROR(true),

  /// The bytes are not the ones that the digest names.
  DIGEST_MISMATCH(false),
  /// The bytes are fewer or more than the descriptor says.
  SIZE_MISMATCH(false),
  /// More bytes than are ever read of such content.
  TOO_LARGE(false),
  /// More pages or entries than are ever read of a list.
  TOO_MANY(false),
  /// An answer that the protocol does not know.
  MALFORMED_RESPONSE(false),
  /// An address that is never spoken to, such as a cloud's metadata service.
  ADDRESS_REFUSED(false),
  /// A redirect that is not followed: to plain HTTP, in a circle, or too far.
  REDIRECT_REFUSED(false),
  /// A token service that the registry's credentials are not given to.
  REALM_REFUSED(false),
  /// What was said about reaching the registry makes no sense.
  MISCONFIGURED(false);

  private final boolean transport;

  SourceReason(boolean transport) {
    this.transport = transport;
  }

  /// Whether the question stays open, because asking again may be answered.
  public boolean isTransport() {
    return transport;
  }
}
