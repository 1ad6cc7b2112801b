package dev.referee.oci;

import static java.util.Objects.requireNonNull;

/// Content that can never be right, whoever delivers it: the boundary of every parser in this
/// module.
///
/// Unchecked, because records validate in their constructors.
public final class MalformedContentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ContentReason reason;

  public MalformedContentException(ContentReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public ContentReason reason() {
    return reason;
  }
}
