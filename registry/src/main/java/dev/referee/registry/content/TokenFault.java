package dev.referee.registry.content;

/// Why a token does not do, in the words of RFC 6750 section 3.1.
public enum TokenFault {
  /// It has ended or was never one: a new one is needed.
  INVALID_TOKEN("invalid_token"),
  /// It is meant for less than this: one for more is needed.
  INSUFFICIENT_SCOPE("insufficient_scope");

  private final String code;

  TokenFault(String code) {
    this.code = code;
  }

  /// As a challenge has it.
  public String code() {
    return code;
  }
}
