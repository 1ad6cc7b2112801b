package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request is refused: the boundary of everything that clients ask of the registry. Its message
/// is for the client.
///
/// An [IOException], because a stream that is too long is refused while it is read.
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int status;
  private final @Nullable TokenFault fault;

  public RegistryException(ErrorCode code, String message) {
    this(code, code.status(), message);
  }

  public RegistryException(ErrorCode code, int status, String message) {
    this(code, status, message, null);
  }

  private RegistryException(
      ErrorCode code, int status, String message, @Nullable TokenFault fault) {
    super(message);
    this.code = requireNonNull(code, "code is null");
    this.status = status;
    this.fault = fault;
  }

  /// The answer to a token that does not do, to which another one might be the answer.
  public static RegistryException unauthorized(TokenFault fault, String message) {
    return new RegistryException(
        ErrorCode.UNAUTHORIZED, ErrorCode.UNAUTHORIZED.status(), message, fault);
  }

  /// The answer to a conditional request whose condition does not hold.
  public static RegistryException preconditionFailed() {
    return new RegistryException(
        ErrorCode.PRECONDITION_FAILED,
        "there is something else than the request's If-Match or If-None-Match allows");
  }

  public ErrorCode code() {
    return code;
  }

  /// What is wrong with the token of the request; null where that is not why it is refused.
  public @Nullable TokenFault tokenFault() {
    return fault;
  }

  /// The HTTP status that carries it.
  public int status() {
    return status;
  }
}
