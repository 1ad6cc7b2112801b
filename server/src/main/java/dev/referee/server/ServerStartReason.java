package dev.referee.server;

/// Why a server did not start: stable codes.
public enum ServerStartReason {
  /// Somebody else listens there already.
  ADDRESS_IN_USE,
  /// The host does not resolve, is not this machine's, or the port needs more rights.
  ADDRESS_UNAVAILABLE,
  /// The certificate or key cannot be read, or they do not belong together.
  TLS_FILES_INVALID,
  /// Anything else, with the cause.
  FAILED
}
