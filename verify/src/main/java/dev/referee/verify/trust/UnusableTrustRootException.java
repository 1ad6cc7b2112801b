package dev.referee.verify.trust;

/// A document that is not a trust root.
public final class UnusableTrustRootException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableTrustRootException(String message) {
    super(message);
  }
}
