package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a server's certificate is: two PEM files, as `kubernetes.io/tls` secrets and certificate
/// tools write them; and whose certificates its clients may show.
///
/// @param certificateChain the server's certificate first, then the intermediates
/// @param key its private key, not encrypted
/// @param clients who vouches for clients; null when they are not asked for a certificate
public record TlsFiles(Path certificateChain, Path key, @Nullable ClientAuthorities clients) {
  public TlsFiles {
    requireNonNull(certificateChain, "certificateChain is null");
    requireNonNull(key, "key is null");
  }

  /// A server's certificate, with no certificates of clients.
  public TlsFiles(Path certificateChain, Path key) {
    this(certificateChain, key, null);
  }

  /// The same, asking clients for certificates.
  public TlsFiles withClients(ClientAuthorities authorities) {
    return new TlsFiles(certificateChain, key, requireNonNull(authorities, "authorities is null"));
  }
}
