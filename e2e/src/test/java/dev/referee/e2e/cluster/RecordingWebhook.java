package dev.referee.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.referee.testing.tls.CertificateAuthority;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A validating webhook in this process that writes down what it is asked, and refuses objects
/// whose name begins with `refused`.
final class RecordingWebhook implements AutoCloseable {
  private static final String PATH = "/validate";
  private static final String REFUSED = "refused";
  static final String REFUSAL = "refused by the recording webhook";

  private final CallbackAddress address;
  private final CertificateAuthority authority =
      CertificateAuthority.create("CN=recording-webhook-ca");
  private final HttpsServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /// Listens on a free port, with a certificate for the address.
  RecordingWebhook(CallbackAddress address) throws IOException {
    this.address = requireNonNull(address, "address is null");
    var certificate = authority.server("CN=recording-webhook", List.of(address.host()));
    server = HttpsServer.create(new InetSocketAddress(address.bind(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
    server.createContext(PATH, this::answer);
    server.setExecutor(requests);
    server.start();
  }

  URI url() {
    return address.https(server.getAddress().getPort(), PATH);
  }

  /// What the API server must trust to speak to this webhook.
  String authorityPem() {
    return authority.certificatePem();
  }

  /// The names of the objects it was asked about, in order.
  List<String> seen() {
    return List.copyOf(seen);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var review = Serialization.unmarshal(exchange.getRequestBody(), AdmissionReview.class);
      var request = review.getRequest();
      seen.add(request.getName());
      var answer =
          new AdmissionReviewBuilder()
              .withNewResponse()
              .withUid(request.getUid())
              .withAllowed(!request.getName().startsWith(REFUSED))
              .withStatus(new StatusBuilder().withMessage(REFUSAL).build())
              .endResponse()
              .build();
      var body = Serialization.asJson(answer).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }
}
