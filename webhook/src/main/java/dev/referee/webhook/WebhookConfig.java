package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;

/// Where the webhook listens. API servers speak to nothing without TLS.
///
/// @param listen the address
/// @param tls its certificate
public record WebhookConfig(ListenAddress listen, TlsFiles tls) {
  public WebhookConfig {
    requireNonNull(listen, "listen is null");
    requireNonNull(tls, "tls is null");
  }
}
