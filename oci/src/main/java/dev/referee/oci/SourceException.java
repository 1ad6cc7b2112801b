package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/// An artifact could not be read or written: the boundary of every [ArtifactSource] and
/// [ArtifactSink]. What is simply not there is no exception but an empty result.
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;

  private final SourceReason reason;

  public SourceException(SourceReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public SourceException(SourceReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public SourceReason reason() {
    return reason;
  }
}
