package dev.referee.registry.copy;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import java.io.IOException;

/// Something was not copied: the boundary of this package. An [IOException], because the source
/// fails while the destination reads.
public final class CopyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final CopyReason reason;

  public CopyException(CopyReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public CopyException(CopyReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public CopyReason reason() {
    return reason;
  }

  /// The source could not be read.
  static CopyException ofSource(SourceException e) {
    var reason =
        switch (e.reason()) {
          case DIGEST_MISMATCH -> CopyReason.DIGEST_MISMATCH;
          case SIZE_MISMATCH -> CopyReason.SIZE_MISMATCH;
          case TOO_LARGE -> CopyReason.TOO_LARGE;
          case TOO_MANY -> CopyReason.TOO_MANY;
          case MALFORMED_RESPONSE -> CopyReason.CONTENT_MALFORMED;
          case UNREACHABLE,
              TIMEOUT,
              TLS_FAILED,
              UNAUTHORIZED,
              FORBIDDEN,
              RATE_LIMITED,
              SERVER_ERROR,
              ADDRESS_REFUSED,
              REDIRECT_REFUSED,
              REALM_REFUSED,
              MISCONFIGURED ->
              CopyReason.SOURCE_FAILED;
        };
    return new CopyException(reason, String.valueOf(e.getMessage()), e);
  }

  /// The destination did not take it. An answer that is neither "who are you" nor an outage is
  /// about what was sent.
  static CopyException ofTarget(SourceException e) {
    boolean refused = e.reason() == SourceReason.MALFORMED_RESPONSE;
    return new CopyException(
        refused ? CopyReason.TARGET_REFUSED : CopyReason.TARGET_FAILED,
        String.valueOf(e.getMessage()),
        e);
  }
}
