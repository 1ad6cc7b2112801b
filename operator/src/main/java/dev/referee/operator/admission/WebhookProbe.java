package dev.referee.operator.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Looks whether the webhook answers as an API server would ask it, before one is told to: a
/// configuration that names a webhook which is not there would stop a cluster.
@FunctionalInterface
public interface WebhookProbe {
  /// What keeps the webhook from answering, as a sentence; empty when nothing does.
  ///
  /// @param bundle the authorities that API servers trust (PEM)
  Optional<String> problem(WebhookEndpoint endpoint, String bundle);

  /// Asks `/readyz` over HTTPS.
  static WebhookProbe https() {
    return new Https(Duration.ofSeconds(5));
  }

  /// A probe with the JDK's client; each look is a connection of its own, because what is trusted
  /// changes.
  final class Https implements WebhookProbe {
    private static final int OK = 200;

    private final Duration timeout;

    Https(Duration timeout) {
      this.timeout = requireNonNull(timeout, "timeout is null");
    }

    @Override
    public Optional<String> problem(WebhookEndpoint endpoint, String bundle) {
      var uri = endpoint.uri("/readyz");
      try (var client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(timeout)
              .sslContext(trusting(bundle))
              .build()) {
        var request = HttpRequest.newBuilder(uri).timeout(timeout).GET().build();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        return status == OK
            ? Optional.empty()
            : Optional.of("the webhook at %s is not ready (%d)".formatted(uri, status));
      } catch (IOException e) {
        return Optional.of("the webhook at %s does not answer: %s".formatted(uri, text(e)));
      } catch (GeneralSecurityException e) {
        return Optional.of("nothing can be asked of the webhook: " + text(e));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return Optional.of("the operator ends");
      }
    }

    private static String text(Exception e) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static SSLContext trusting(String bundle) throws GeneralSecurityException, IOException {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      int i = 0;
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bundle.getBytes(US_ASCII)))) {
        trusted.setCertificateEntry("authority-" + i, certificate);
        i++;
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    }
  }
}
