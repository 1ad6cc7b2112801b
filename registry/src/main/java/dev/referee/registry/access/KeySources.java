package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.registry.tls.TrustedAuthorities;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches an issuer's keys from a file, or from the URL where a cluster's API server has them.
final class KeySources {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_TOKEN_BYTES = 64 << 10;

  private KeySources() {}

  static RememberedKeys.Source of(ServiceAccountRules rules) {
    return of(rules, TIMEOUT);
  }

  /// Where keys come from.
  ///
  /// @param timeout from the first to the last byte
  static RememberedKeys.Source of(ServiceAccountRules rules, Duration timeout) {
    return rules.jwks().startsWith("https://")
        ? () -> fetch(rules, timeout)
        : () -> read(Path.of(rules.jwks()), JsonWebKeys.MAX_BYTES);
  }

  /// A client for every fetch: the authorities may have changed, and there are a few an hour.
  private static byte[] fetch(ServiceAccountRules rules, Duration timeout) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(rules.jwks()))
            .timeout(timeout)
            .header("Accept", "application/jwk-set+json, application/json");
    var tokenFile = rules.tokenFile();
    if (tokenFile != null) {
      var token = new String(read(tokenFile, MAX_TOKEN_BYTES), UTF_8).strip();
      request.header("Authorization", "Bearer " + token);
    }
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            // The token is for this server alone.
            .followRedirects(Redirect.NEVER);
    var caFile = rules.caFile();
    if (caFile != null) {
      builder.sslContext(TrustedAuthorities.read(caFile).context());
    }
    try (var client = builder.build()) {
      try {
        return fetch(client, request.build(), timeout);
      } finally {
        // Or the end of the client would wait for what is still under way.
        client.shutdownNow();
      }
    }
  }

  /// The timeout of a request ends with the headers, and a body may be slow or without an end.
  private static byte[] fetch(HttpClient client, HttpRequest request, Duration timeout)
      throws IOException {
    try {
      var response =
          client
              .sendAsync(
                  request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), JsonWebKeys.MAX_BYTES))
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("%s answered %d".formatted(request.uri(), response.statusCode()));
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException("%s took longer than %s".formatted(request.uri(), timeout), e);
    } catch (ExecutionException e) {
      throw new IOException("%s failed: %s".formatted(request.uri(), e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static byte[] read(Path file, int maxBytes) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      return bounded(stream, maxBytes);
    }
  }

  private static byte[] bounded(InputStream stream, int maxBytes) throws IOException {
    var content = stream.readNBytes(maxBytes + 1);
    if (content.length > maxBytes) {
      throw new IOException("there are more than %d bytes".formatted(maxBytes));
    }
    return content;
  }
}
