package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Whose certificates a server accepts from its clients.
///
/// @param file certificates of authorities (PEM), one or more
/// @param required whether a client without a certificate is turned away; otherwise it may prove
///   who it is by other means
public record ClientAuthorities(Path file, boolean required) {
  public ClientAuthorities {
    requireNonNull(file, "file is null");
  }
}
