package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.REDIRECT_REFUSED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import io.vertx.core.Vertx;
import java.net.URI;

/// Fetches what authorities publish about their certificates: lists of revoked ones, and answers of
/// responders (RFC 5280 section 4.2.1.13, RFC 6960 appendix A). Its methods block; call them on
/// virtual threads.
///
/// Addresses are out of certificates, and held to the same rules as those of registries. Nothing is
/// sent that identifies anybody, redirects are not followed, and what comes back is bounded.
public final class StatusClient implements AutoCloseable {
  private final Transport transport;
  private final String userAgent;

  /// @param vertx whose event loops carry the traffic; not closed with the client
  public StatusClient(Vertx vertx, RegistryClientConfig config) {
    requireNonNull(vertx, "vertx is null");
    this.transport = new Transport(vertx, config);
    this.userAgent = config.userAgent();
  }

  /// The document at an address.
  ///
  /// @throws SourceException whenever it cannot be had
  public byte[] get(URI address, int maxBytes, Deadline deadline) throws SourceException {
    check(address);
    return send(HttpRequest.of("GET", address), maxBytes, deadline);
  }

  /// The answer to a question that is sent as a document.
  ///
  /// @throws SourceException whenever it cannot be had
  public byte[] post(
      URI address, String contentType, byte[] content, int maxBytes, Deadline deadline)
      throws SourceException {
    check(address);
    return send(
        HttpRequest.of("POST", address)
            .with("Content-Type", contentType)
            .withBody(BlobContent.of(content), content.length),
        maxBytes,
        deadline);
  }

  private static void check(URI address) throws SourceException {
    try {
      Origin.of(address);
    } catch (IllegalArgumentException e) {
      throw new SourceException(MALFORMED_RESPONSE, "not an address that is asked", e);
    }
  }

  private byte[] send(HttpRequest request, int maxBytes, Deadline deadline) throws SourceException {
    try (var response = transport.send(request.with("User-Agent", userAgent), null, deadline)) {
      if (response.isRedirect()) {
        throw new SourceException(
            REDIRECT_REFUSED, "%s led elsewhere, which is not followed".formatted(request));
      }
      if (response.status() != 200) {
        throw new SourceException(
            ResponseFault.reason(response.status()),
            "%s was answered %d".formatted(request, response.status()));
      }
      return response.bytes(maxBytes);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
