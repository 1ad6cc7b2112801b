package dev.referee.verify.cbor;

/// Bytes that are not CBOR as it is read here: the boundary of [CborReader]. Nothing else escapes
/// it, for any input.
public final class MalformedCborException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedCborException(String message) {
    super(message, null, false, false);
  }
}
