package dev.referee.registry.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.registry.tls.TrustedAuthorities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The server that takes events, asked by one thread. What its files say is looked at for every
/// event: a token that was renewed and authorities that were replaced count at once, also on
/// connections that are open.
public final class EventSink implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_TOKEN_BYTES = 64 << 10;

  private final EventSettings settings;
  private @Nullable TrustedAuthorities authorities;
  private volatile HttpClient client;

  private EventSink(EventSettings settings, @Nullable TrustedAuthorities authorities) {
    this.settings = requireNonNull(settings, "settings is null");
    this.authorities = authorities;
    this.client = client(authorities);
  }

  /// Prepares to send; nothing is sent yet.
  ///
  /// @throws IOException with a sentence, where the authorities of the sink cannot be read
  public static EventSink open(EventSettings settings) throws IOException {
    var file = settings.authorities();
    try {
      return new EventSink(settings, file == null ? null : TrustedAuthorities.read(file));
    } catch (IOException e) {
      throw new IOException("the authorities of the sink of events: " + e.getMessage(), e);
    }
  }

  private static HttpClient client(@Nullable TrustedAuthorities authorities) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            // The token is for this origin alone, and so are the events.
            .followRedirects(Redirect.NEVER);
    if (authorities != null) {
      builder.sslContext(authorities.context());
    }
    return builder.build();
  }

  URI uri() {
    return settings.sink();
  }

  /// Sends one event.
  ///
  /// @return the status of the answer
  int post(byte[] body) throws IOException, InterruptedException {
    if (InetAddress.getByName(uri().getHost()).isLinkLocalAddress()) {
      throw new IOException("it is at a link-local address");
    }
    takeUpAuthorities();
    var request =
        HttpRequest.newBuilder(uri())
            .timeout(TIMEOUT)
            .header("Content-Type", CloudEvent.MEDIA_TYPE)
            .POST(BodyPublishers.ofByteArray(body));
    var tokenFile = settings.tokenFile();
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + token(tokenFile));
    }
    try {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (SSLException e) {
      throw new IOException(
          "TLS with the authorities of %s failed: %s"
              .formatted(
                  settings.authorities() == null ? "the system" : settings.authorities(),
                  e.getMessage()),
          e);
    }
  }

  /// Another list of authorities is another client: a connection that is kept alive was made by the
  /// old one.
  private void takeUpAuthorities() throws IOException {
    var changed = authorities == null ? null : authorities.changed();
    if (changed != null) {
      client.close();
      client = client(changed);
      authorities = changed;
    }
  }

  private static String token(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      var token = new String(stream.readNBytes(MAX_TOKEN_BYTES), UTF_8).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        // Not what it has, which may be most of a token.
        throw new IOException("it wants a token, but %s has none".formatted(file));
      }
      return token;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
