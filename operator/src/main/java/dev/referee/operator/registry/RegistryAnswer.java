package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.registry.tls.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Set;

/// What a registry itself says when it is asked over the way that everybody takes: through its
/// Service, with its certificate proven by its authority (distribution-spec v1.1.1, "API": `/v2/`).
///
/// @param answers whether it answered as a registry does
/// @param reason in the spelling of condition reasons
/// @param message a sentence for people
record RegistryAnswer(boolean answers, String reason, String message) {
  /// A pod that serves answers in milliseconds; one that does not is asked again soon.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// It is there, and perhaps wants to know who asks.
  private static final Set<Integer> OF_A_REGISTRY = Set.of(200, 401, 403);

  RegistryAnswer {
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }

  /// Asks a registry.
  ///
  /// @param address host and port of its Service
  /// @param caBundle PEM certificates to trust and no others; empty, those that Java trusts
  static RegistryAnswer of(String address, String caBundle) {
    var uri = URI.create("https://%s/v2/".formatted(address));
    try (var client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(TrustedAuthorities.context(caBundle))
            .build()) {
      var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      int code = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return OF_A_REGISTRY.contains(code)
          ? new RegistryAnswer(true, "Answers", "it answers at %s".formatted(address))
          : new RegistryAnswer(
              false, "UnexpectedAnswer", "it answers %d at %s".formatted(code, uri));
    } catch (IOException | GeneralSecurityException e) {
      return new RegistryAnswer(
          false, "NoAnswer", "the operator gets no answer at %s: %s".formatted(uri, innermost(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RegistryAnswer(false, "NoAnswer", "the operator is stopping");
    }
  }

  private static String innermost(Throwable e) {
    return e.getCause() == null
        ? "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage())
        : innermost(e.getCause());
  }
}
