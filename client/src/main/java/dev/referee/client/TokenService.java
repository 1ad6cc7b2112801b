package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.REALM_REFUSED;
import static dev.referee.oci.SourceReason.UNAUTHORIZED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.oci.json.StrictJson;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Fetches bearer tokens (distribution, "Token Authentication Specification" and "OAuth2 Token
/// Authentication").
final class TokenService {
  private static final int MAX_BYTES = 64 << 10;

  /// What a token lasts whose service does not say.
  private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

  private static final Duration MAX_LIFETIME = Duration.ofHours(12);

  private final Transport transport;
  private final RegistryClientConfig config;

  TokenService(Transport transport, RegistryClientConfig config) {
    this.transport = requireNonNull(transport, "transport is null");
    this.config = requireNonNull(config, "config is null");
  }

  /// A token.
  ///
  /// @param value goes after `Bearer `
  /// @param lifetime how long it can be used from when it was asked for
  record Token(String value, Duration lifetime) {
    @Override
    public String toString() {
      return "Token[lifetime=" + lifetime + "]";
    }
  }

  /// Fetches a token.
  ///
  /// @param registry who sent the challenge
  /// @param challenge its Bearer challenge
  /// @throws SourceException with `REALM_REFUSED` when the credentials may not go where it points
  Token fetch(
      Origin registry, Challenge challenge, Scope scope, Credentials credentials, Deadline deadline)
      throws SourceException {
    var realm = realm(registry, challenge, credentials);
    var service = challenge.parameters().get("service");
    return switch (credentials) {
      case Credentials.Anonymous anonymous ->
          send(HttpRequest.of("GET", withQuery(realm, service, scope)), null, deadline);
      case Credentials.Basic basic ->
          send(HttpRequest.of("GET", withQuery(realm, service, scope)), basic.header(), deadline);
      case Credentials.IdentityToken identity ->
          send(refresh(realm, service, scope, identity), null, deadline);
    };
  }

  private URI realm(Origin registry, Challenge challenge, Credentials credentials)
      throws SourceException {
    var text = challenge.parameters().getOrDefault("realm", "");
    URI realm;
    Origin origin;
    try {
      realm = UriReference.resolve(registry.uri("/"), text);
      origin = Origin.of(realm);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          REALM_REFUSED, "%s names a token service that is no URL".formatted(registry), e);
    }
    if (registry.isEncrypted() && !origin.isEncrypted()) {
      throw new SourceException(
          REALM_REFUSED,
          "%s names the token service %s, which is not encrypted".formatted(registry, origin));
    }
    if (!(credentials instanceof Credentials.Anonymous)
        && !config.mayShareCredentials(registry, origin)) {
      throw new SourceException(
          REALM_REFUSED,
          "%s asks for its credentials to be sent to %s, which they do not belong to"
              .formatted(registry, origin));
    }
    return realm;
  }

  private static URI withQuery(URI realm, @Nullable String service, Scope scope) {
    var query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&");
    if (service != null) {
      query.append("service=").append(encoded(service)).append('&');
    }
    query.append("scope=").append(encoded(scope.toString()));
    var path = realm.getRawPath().isEmpty() ? "/" : realm.getRawPath();
    return Origin.of(realm).uri(path + "?" + query);
  }

  private static HttpRequest refresh(
      URI realm, @Nullable String service, Scope scope, Credentials.IdentityToken identity) {
    var form =
        "grant_type=refresh_token&client_id=referee&refresh_token=%s&scope=%s%s"
            .formatted(
                encoded(identity.token()),
                encoded(scope.toString()),
                service == null ? "" : "&service=" + encoded(service));
    var bytes = form.getBytes(UTF_8);
    return HttpRequest.of("POST", realm)
        .with("Content-Type", "application/x-www-form-urlencoded")
        .withBody(BlobContent.of(bytes), bytes.length);
  }

  private Token send(HttpRequest request, @Nullable String authorization, Deadline deadline)
      throws SourceException {
    // Redirects are not followed: a token service answers itself.
    try (var response =
        transport.send(request.with("User-Agent", config.userAgent()), authorization, deadline)) {
      if (response.status() != 200) {
        var reason = ResponseFault.reason(response.status());
        throw new SourceException(
            reason == MALFORMED_RESPONSE ? UNAUTHORIZED : reason,
            "the token service %s answered %d".formatted(request, response.status()));
      }
      return read(request, response.bytes(MAX_BYTES));
    }
  }

  private static Token read(HttpRequest request, byte[] body) throws SourceException {
    try {
      var fields = StrictJson.readObject(body, MAX_BYTES);
      var value = fields.optionalText("token");
      if (value == null || value.isEmpty()) {
        value = fields.text("access_token");
      }
      if (!value.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw new SourceException(
            MALFORMED_RESPONSE,
            "the token service %s sent a token that is none".formatted(request));
      }
      var lifetime =
          fields.has("expires_in")
              ? Duration.ofSeconds(
                  Math.clamp(fields.wholeNumber("expires_in"), 0, MAX_LIFETIME.toSeconds()))
              : DEFAULT_LIFETIME;
      return new Token(value, lifetime);
    } catch (MalformedContentException e) {
      throw new SourceException(
          SourceReason.MALFORMED_RESPONSE,
          "the token service %s sent no token: %s".formatted(request, e.getMessage()),
          e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
