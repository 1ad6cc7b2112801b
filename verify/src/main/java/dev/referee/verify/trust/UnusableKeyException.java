package dev.referee.verify.trust;

/// A public key that signatures are not checked with: malformed, too weak, or of an unknown kind.
public final class UnusableKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableKeyException(String message) {
    super(message);
  }
}
