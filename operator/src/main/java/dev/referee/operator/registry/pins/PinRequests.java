package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.registry.tls.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one registry for leases, over one connection, for as long as it is open.
final class PinRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PinRequests.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PinnedRegistry registry;
  private final String token;
  private final HttpClient client;

  private PinRequests(PinnedRegistry registry, String token, HttpClient client) {
    this.registry = registry;
    this.token = token;
    this.client = client;
  }

  /// @throws IOException when the registry's authorities cannot be read
  static PinRequests to(PinnedRegistry registry, String token) throws IOException {
    requireNonNull(token, "token is null");
    try {
      return new PinRequests(
          registry,
          token,
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              // The token is for this registry alone.
              .followRedirects(HttpClient.Redirect.NEVER)
              .sslContext(TrustedAuthorities.context(registry.caBundle()))
              .build());
    } catch (GeneralSecurityException e) {
      throw new IOException("the authorities of %s: %s".formatted(registry.endpoint(), e), e);
    }
  }

  /// Takes or renews a lease.
  PinOutcome renew(Pin pin) throws InterruptedException {
    var uri =
        URI.create(
            "https://%s/_referee/v1/pins/%s/%s?seconds=%d"
                .formatted(
                    registry.address(),
                    pin.repository(),
                    pin.digest(),
                    PinSchedule.LEASE.toSeconds()));
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .PUT(BodyPublishers.noBody())
            .build();
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status != 201) {
        LOG.debug("{} answered {}", uri, status);
      }
      return switch (status) {
        case 201 -> PinOutcome.RENEWED;
        case 404 -> PinOutcome.ABSENT;
        case 401, 403 -> PinOutcome.REFUSED;
        default -> PinOutcome.FAILED;
      };
    } catch (IOException e) {
      LOG.debug("{} did not answer: {}", uri, e.toString());
      return PinOutcome.FAILED;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
