package dev.referee.api.v1alpha1;

import static java.util.Objects.requireNonNull;

/// An object that makes no sense: the boundary of [ResourceReader]. The message names the field by
/// its path and says what is wrong with it.
public final class InvalidResourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ResourceReason reason;

  public InvalidResourceException(ResourceReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  public ResourceReason reason() {
    return reason;
  }
}
