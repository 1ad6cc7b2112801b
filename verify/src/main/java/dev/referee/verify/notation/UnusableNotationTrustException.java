package dev.referee.verify.notation;

/// Something that makes no sense about whom signatures of Notary are trusted from.
public final class UnusableNotationTrustException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnusableNotationTrustException(String message) {
    super(message);
  }
}
