package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Where a server's certificate is: two PEM files, as `kubernetes.io/tls` secrets and certificate
/// tools write them.
///
/// @param certificateChain the server's certificate first, then the intermediates
/// @param key its private key, not encrypted
public record TlsFiles(Path certificateChain, Path key) {
  public TlsFiles {
    requireNonNull(certificateChain, "certificateChain is null");
    requireNonNull(key, "key is null");
  }
}
