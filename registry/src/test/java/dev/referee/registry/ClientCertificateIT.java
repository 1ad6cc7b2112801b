package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Digest;
import dev.referee.registry.access.FileAccess;
import dev.referee.server.ClientAuthorities;
import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.IssuedCertificate;
import dev.referee.testing.tls.TrustedClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who clients are by their certificates, over real TLS.
class ClientCertificateIT {
  private static final String BUILDER = "spiffe://cluster.local/ns/shop/sa/builder";
  private static final GeneralName BUILDER_URI =
      new GeneralName(GeneralName.uniformResourceIdentifier, BUILDER);
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  @TempDir private Path folder;
  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> Instant.now().plus(later.get());
  private final CertificateAuthority serving = CertificateAuthority.create("CN=serving");
  private final CertificateAuthority clients = CertificateAuthority.create("CN=clients");
  private Registry registry;

  @BeforeEach
  void start() throws Exception {
    registry = start(false);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Registry start(boolean required) throws Exception {
    var access =
        Files.writeString(
            folder.resolve("access.json"),
            """
            {"anonymous": [{"repositories": ["public/**"]}],
             "users": [{"name": "ci", "repositories": ["ci/**"], "actions": ["Pull", "Push"]}],
             "certificates": [
               {"uri": "%s", "repositories": ["shop/**"], "actions": ["Pull", "Push", "Pin"]},
               {"dns": "Mirror.example.com", "repositories": ["dns/**"], "actions": ["Push"]},
               {"email": "dev@example.com", "repositories": ["mail/**"], "actions": ["Push"]},
               {"commonName": "old", "repositories": ["old/**"], "actions": ["Push"]},
               {"dns": "both.example.com", "email": "both@example.com",
                "repositories": ["both/**"], "actions": ["Push"]}]}
            """
                .formatted(BUILDER));
    var users =
        Files.writeString(
            folder.resolve("htpasswd"),
            "ci:" + OpenBSDBCrypt.generate("2y", "secret".toCharArray(), new byte[16], 4));
    var server = serving.server("CN=registry", List.of("127.0.0.1"));
    var tls =
        new TlsFiles(
                Files.writeString(folder.resolve("tls.crt"), server.certificatePem()),
                Files.writeString(folder.resolve("tls.key"), server.keyPem()))
            .withClients(
                new ClientAuthorities(
                    Files.writeString(folder.resolve("clients.pem"), clients.certificatePem()),
                    required));
    return Registry.start(
        RegistryConfig.of(folder.resolve("root-" + required), new ListenAddress("127.0.0.1", 0))
            .tls(tls)
            .access(FileAccess.open(access, users, clock))
            .build());
  }

  @Test
  void grantsByEachKindOfName() throws Exception {
    var builder = clients.client("CN=whoever", List.of(BUILDER_URI));
    assertThat(push(builder, "shop/cart")).isEqualTo(201);
    assertThat(push(builder, "old/cart")).isEqualTo(403);
    assertThat(push(named(GeneralName.dNSName, "mirror.EXAMPLE.com"), "dns/a")).isEqualTo(201);
    assertThat(push(named(GeneralName.rfc822Name, "dev@example.com"), "mail/a")).isEqualTo(201);
    assertThat(push(clients.client("O=ops,CN=old"), "old/a")).isEqualTo(201);
  }

  /// A name is the whole name, of its kind; the subject of a certificate with other names is none.
  @Test
  void grantsNothingByHalfAName() throws Exception {
    assertThat(push(named(GeneralName.dNSName, "evil.mirror.example.com"), "dns/a")).isEqualTo(403);
    assertThat(push(named(GeneralName.dNSName, "example.com"), "dns/a")).isEqualTo(403);
    assertThat(push(named(GeneralName.rfc822Name, "dev@example.com.evil"), "mail/a"))
        .isEqualTo(403);
    assertThat(push(named(GeneralName.uniformResourceIdentifier, BUILDER + "2"), "shop/a"))
        .isEqualTo(403);
    assertThat(
            push(named(GeneralName.uniformResourceIdentifier, "mailto:dev@example.com"), "mail/a"))
        .isEqualTo(403);
    // What cannot be read is nobody, and not somebody with fewer names.
    assertThat(push(named(GeneralName.uniformResourceIdentifier, "no uri"), "mail/a"))
        .isEqualTo(401);
    assertThat(push(clients.client("CN=mirror.example.com"), "dns/a")).isEqualTo(403);
    assertThat(push(clients.client("CN=old", List.of(BUILDER_URI)), "old/a")).isEqualTo(403);
    assertThat(push(named(GeneralName.dNSName, "both.example.com"), "both/a")).isEqualTo(403);
    var both =
        List.of(
            new GeneralName(GeneralName.dNSName, "both.example.com"),
            new GeneralName(GeneralName.rfc822Name, "both@example.com"));
    assertThat(push(clients.client("CN=x", both), "both/a")).isEqualTo(201);
  }

  /// Nobody reaches the registry with a certificate that does not hold, also where none is needed.
  @Test
  void refusesCertificatesThatDoNotHold() {
    var other = CertificateAuthority.create("CN=clients");
    for (var wrong :
        List.of(
            other.client("CN=old"),
            clients.expiredClient("CN=old"),
            clients.server("CN=old", List.of("127.0.0.1")),
            clients.codeSigner("CN=old"))) {
      assertThatThrownBy(() -> push(wrong, "old/a")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> status(wrong, "/v2/public/a/tags/list"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void leavesTheOtherWaysToWhoeverHasNoCertificate() throws Exception {
    assertThat(status(null, "/v2/public/a/tags/list")).isEqualTo(404);
    assertThat(status(null, "/v2/shop/cart/tags/list")).isEqualTo(401);
    assertThat(status(null, "/v2/ci/a/tags/list", "Authorization", basic("secret"))).isEqualTo(404);
  }

  /// Credentials in a request are meant; wrong ones are not made up for by a certificate.
  @Test
  void takesCredentialsBeforeTheCertificate() throws Exception {
    var builder = clients.client("CN=x", List.of(BUILDER_URI));
    var shop = "/v2/shop/cart/tags/list";
    assertThat(status(builder, shop)).isEqualTo(404);
    assertThat(status(builder, shop, "Authorization", basic("secret"))).isEqualTo(403);
    assertThat(status(builder, shop, "Authorization", basic("wrong"))).isEqualTo(401);
    assertThat(status(builder, "/v2/ci/a/tags/list", "Authorization", basic("secret")))
        .isEqualTo(404);
  }

  /// Somebody who is known and was granted nothing has less than nobody, as with a password.
  @Test
  void grantsNothingToWhomNobodyNames() throws Exception {
    var unknown = clients.client("CN=unknown");
    assertThat(status(unknown, "/v2/public/a/tags/list")).isEqualTo(403);
    assertThat(status(clients.client("O=no common name"), "/v2/old/a/tags/list")).isEqualTo(403);
  }

  @Test
  void refusesACertificateThatEndsWhileItsConnectionStays() throws Exception {
    try (var client = client(clients.client("CN=x", List.of(BUILDER_URI)))) {
      assertThat(send(client, "/v2/shop/cart/tags/list").statusCode()).isEqualTo(404);
      later.set(Duration.ofDays(3));

      var refused = send(client, "/v2/shop/cart/tags/list");

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("UNAUTHORIZED");
    }
  }

  /// A lease belongs to the names of a certificate, so that a renewed one has it too.
  @Test
  void knowsARenewedCertificateAgain() throws Exception {
    var first = clients.client("CN=x", List.of(BUILDER_URI));
    var renewed = clients.client("CN=y", List.of(BUILDER_URI));
    var other = clients.client("CN=x", List.of(BUILDER_URI, new GeneralName(2, "a.example.com")));
    assertThat(push(first, "shop/cart")).isEqualTo(201);
    var manifest = TestManifest.artifact("application/x");
    var digest = manifest.digest();
    assertThat(
            send(
                    first,
                    "PUT",
                    "/v2/shop/cart/manifests/v1",
                    manifest.bytes(),
                    "Content-Type",
                    manifest.mediaType().value())
                .statusCode())
        .isEqualTo(201);
    var lease = "/_referee/v1/pins/shop/cart/" + digest;
    assertThat(send(first, "PUT", lease, new byte[0]).statusCode()).isEqualTo(201);

    assertThat(status(other, lease)).isEqualTo(404);
    try (var client = client(renewed)) {
      var held = send(client, lease);
      assertThat(held.statusCode()).isEqualTo(200);
      assertThat(new ObjectMapper().readTree(held.body()).path("digest").asText())
          .isEqualTo(digest.toString());
    }
  }

  @Test
  void turnsAwayWhoeverHasNoneWhereItIsRequired() throws Exception {
    registry.close();
    registry = start(true);
    assertThatThrownBy(() -> status(null, "/v2/public/a/tags/list"))
        .isInstanceOf(IOException.class);
    assertThat(push(clients.client("CN=old"), "old/a")).isEqualTo(201);
    assertThat(status(clients.client("CN=old"), "/readyz")).isEqualTo(200);
  }

  private IssuedCertificate named(int kind, String name) {
    return clients.client("CN=whoever", List.of(new GeneralName(kind, name)));
  }

  private int push(IssuedCertificate certificate, String repository) throws Exception {
    return send(
            certificate,
            "POST",
            "/v2/%s/blobs/uploads/?digest=%s".formatted(repository, Digest.of(CONTENT)),
            CONTENT)
        .statusCode();
  }

  private int status(@Nullable IssuedCertificate certificate, String path, String... headers)
      throws Exception {
    return send(certificate, "GET", path, new byte[0], headers).statusCode();
  }

  private HttpResponse<String> send(
      @Nullable IssuedCertificate certificate,
      String method,
      String path,
      byte[] body,
      String... headers)
      throws Exception {
    try (var client = client(certificate)) {
      var request =
          HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.ofByteArray(body));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private HttpResponse<String> send(HttpClient client, String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return registry.uri().resolve(path);
  }

  private HttpClient client(@Nullable IssuedCertificate certificate) {
    return TrustedClient.of(serving.certificate(), certificate);
  }

  private static String basic(String password) {
    return "Basic " + Base64.getEncoder().encodeToString(("ci:" + password).getBytes(UTF_8));
  }
}
