package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.registry.access.FileAccess;
import dev.referee.server.ClientAuthorities;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.IssuedCertificate;
import dev.referee.testing.tls.TrustedClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens of clients who show a certificate, over real TLS (RFC 8705 section 3).
class TokenCertificateIT {
  private static final List<GeneralName> BUILDER =
      List.of(new GeneralName(GeneralName.dNSName, "builder.example.com"));
  private static final String TOKEN = "/token?service=referee&scope=repository:shop/cart:pull";
  private static final String CART = "/v2/shop/cart/tags/list";

  @TempDir private Path folder;
  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final CertificateAuthority serving = CertificateAuthority.create("CN=serving");
  private final CertificateAuthority clients = CertificateAuthority.create("CN=clients");
  private final IssuedCertificate builder = clients.client("CN=a", BUILDER);
  private Path access;
  private Registry registry;

  @BeforeEach
  void start() throws Exception {
    access = folder.resolve("access.json");
    Files.writeString(
        access,
        """
        {"anonymous": [{"repositories": ["public/**"]}],
         "certificates": [{"dns": "builder.example.com", "repositories": ["shop/**"]}]}
        """);
    var keys = Files.writeString(folder.resolve("keys"), TokenFixture.secret(1));
    var server = serving.server("CN=registry", List.of("127.0.0.1"));
    var tls =
        new TlsFiles(
                Files.writeString(folder.resolve("tls.crt"), server.certificatePem()),
                Files.writeString(folder.resolve("tls.key"), server.keyPem()))
            .withClients(
                new ClientAuthorities(
                    Files.writeString(folder.resolve("clients.pem"), clients.certificatePem()),
                    false));
    registry =
        Registry.start(
            RegistryConfig.of(folder.resolve("root"), new ListenAddress("127.0.0.1", 0))
                .tls(tls)
                .access(FileAccess.open(access, null, keys, () -> Instant.now().plus(later.get())))
                .build());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void countsOverConnectionsOfItsCertificateAlone() throws Exception {
    var token = bearer(builder);
    var renewed = clients.client("CN=b", BUILDER);

    assertThat(send(builder, CART, token).statusCode()).isEqualTo(404);
    for (var other : new @Nullable IssuedCertificate[] {null, renewed, clients.client("CN=c")}) {
      var refused = send(other, CART, token);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
          .startsWith("Bearer realm=\"%s\"".formatted(registry.uri().resolve("/token")))
          .endsWith(",error=\"invalid_token\"");
    }
    // The certificate itself does as ever, and a renewed one gets a token of its own.
    assertThat(send(builder, CART, null).statusCode()).isEqualTo(404);
    assertThat(send(renewed, CART, bearer(renewed)).statusCode()).isEqualTo(404);
  }

  /// Whoever shows a certificate has said who it is.
  @Test
  void isNotAskedAgain() throws Exception {
    assertThat(send(builder, "/v2/", null).statusCode()).isEqualTo(200);
    var nobody = send(null, "/v2/", null);
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate"))
        .hasValue(
            "Bearer realm=\"%s\",service=\"referee\"".formatted(registry.uri().resolve("/token")));
  }

  /// A token of nobody is nobody's, also where a certificate is shown.
  @Test
  void makesNobodysTokenNoBetter() throws Exception {
    var token = bearer(null);
    assertThat(send(builder, CART, token).statusCode()).isEqualTo(401);
    assertThat(send(builder, "/v2/", token).statusCode()).isEqualTo(200);
  }

  @Test
  void grantsWhatIsGrantedNow() throws Exception {
    var token = bearer(builder);
    Files.writeString(
        access,
        "{\"certificates\": [{\"dns\": \"other.example.com\", \"repositories\": [\"**\"]}]}");
    later.set(Duration.ofSeconds(6));

    assertThat(send(builder, CART, token).statusCode()).isEqualTo(403);
  }

  @Test
  void endsWithTheCertificate() throws Exception {
    try (var client = client(builder)) {
      var left = Duration.between(Instant.now(), builder.certificate().getNotAfter().toInstant());
      later.set(left.minusSeconds(120));
      var answer = json(over(client, TOKEN, null));
      assertThat(answer.path("expires_in").asInt()).isBetween(1, 120);
      var token = "Bearer " + answer.path("token").asText();
      assertThat(over(client, CART, token).statusCode()).isEqualTo(404);
      later.set(left.plusSeconds(1));

      assertThat(over(client, CART, token).statusCode()).isEqualTo(401);
      assertThat(over(client, TOKEN, null).statusCode()).isEqualTo(401);
    }
  }

  private String bearer(@Nullable IssuedCertificate certificate) throws Exception {
    return "Bearer " + json(send(certificate, TOKEN, null)).path("token").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<String> send(
      @Nullable IssuedCertificate certificate, String path, @Nullable String authorization)
      throws Exception {
    try (var client = client(certificate)) {
      return over(client, path, authorization);
    }
  }

  private HttpResponse<String> over(HttpClient client, String path, @Nullable String authorization)
      throws Exception {
    var request = HttpRequest.newBuilder(registry.uri().resolve(path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  private HttpClient client(@Nullable IssuedCertificate certificate) {
    return TrustedClient.of(serving.certificate(), certificate);
  }
}
