package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import dev.referee.server.CertificateWatch;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import java.time.Duration;

/// How the webhook serves. API servers speak to nothing without TLS.
///
/// @param listen the address
/// @param tls its certificate
/// @param lameDuck how long it serves on after it was told to end, so that the API server hears of
///   it before a connection closes
/// @param certificateInterval how often it looks whether the certificate's files changed
public record WebhookConfig(
    ListenAddress listen, TlsFiles tls, Duration lameDuck, Duration certificateInterval) {
  public WebhookConfig {
    requireNonNull(listen, "listen is null");
    requireNonNull(tls, "tls is null");
    requireNonNull(lameDuck, "lameDuck is null");
    requireNonNull(certificateInterval, "certificateInterval is null");
  }

  public WebhookConfig(ListenAddress listen, TlsFiles tls) {
    this(listen, tls, Duration.ZERO, CertificateWatch.INTERVAL);
  }

  public WebhookConfig withLameDuck(Duration time) {
    return new WebhookConfig(listen, tls, time, certificateInterval);
  }
}
