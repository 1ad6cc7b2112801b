package dev.referee.verify.revocation;

/// What is looked up cannot be had, or says nothing that is believed.
public final class RevocationUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public RevocationUnavailableException(String message) {
    super(message, null, false, false);
  }
}
