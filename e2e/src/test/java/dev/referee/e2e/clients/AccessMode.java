package dev.referee.e2e.clients;

/// What the registries of the clients' tests let people do.
enum AccessMode {
  /// Whoever has a password everything, others nothing.
  CLOSED,
  /// Whoever has a password everything, others pull below `public/`.
  PUBLIC,
  /// Everybody everything.
  OPEN
}
