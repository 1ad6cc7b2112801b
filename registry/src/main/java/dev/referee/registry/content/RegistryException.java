package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/// A request is refused: the boundary of everything that clients ask of the registry. Its message
/// is for the client.
///
/// An [IOException], because a stream that is too long is refused while it is read.
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int status;

  public RegistryException(ErrorCode code, String message) {
    this(code, code.status(), message);
  }

  public RegistryException(ErrorCode code, int status, String message) {
    super(message);
    this.code = requireNonNull(code, "code is null");
    this.status = status;
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

  /// The HTTP status that carries it.
  public int status() {
    return status;
  }
}
