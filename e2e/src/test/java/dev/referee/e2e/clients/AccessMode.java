package dev.referee.e2e.clients;

/// What the registries of the clients' tests let people do.
enum AccessMode {
  /// Whoever has a password everything, others nothing.
  CLOSED,
  /// Whoever has a password everything, others pull below `public/`.
  PUBLIC,
  /// The same, by tokens: a password is sent once and not with every request.
  TOKENS,
  /// Everybody everything.
  OPEN
}
