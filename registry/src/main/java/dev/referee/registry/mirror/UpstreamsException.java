package dev.referee.registry.mirror;

import java.io.IOException;

/// A file of upstreams that cannot be used, with a sentence that says why.
public final class UpstreamsException extends IOException {
  private static final long serialVersionUID = 1L;

  UpstreamsException(String message, Throwable cause) {
    super(message, cause);
  }
}
