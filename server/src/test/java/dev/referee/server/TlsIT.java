package dev.referee.server;

import static dev.referee.server.ServerStartReason.TLS_FILES_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIT {
  private static final ExchangeHandler OK = exchange -> exchange.respondText(200, "ok");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void servesHttp11OverTls(String algorithm) throws Exception {
    var certificate = TestCertificate.create(folder, algorithm);
    var large = Files.write(folder.resolve("large"), new byte[3 << 20]);
    try (var service =
            TestService.start(
                config -> config.tls(certificate.files()),
                exchange -> exchange.respondFile(200, large, 1, (3 << 20) - 1));
        // A client that would like HTTP/2 does not get it.
        var client = client(TestCertificate.trusting(certificate))) {
      assertThat(service.uri().getScheme()).isEqualTo("https");
      for (int i = 0; i < 5; i++) {
        var response = get(client, service.uri());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.body()).hasSize((3 << 20) - 1);
      }
    }
  }

  @Test
  void takesANewCertificateWhileItServes() throws Exception {
    var first = TestCertificate.create(folder, "EC");
    var second = TestCertificate.create(folder, "EC");
    var trust = TestCertificate.trusting(first, second);
    try (var service = TestService.start(config -> config.tls(first.files()), OK);
        var early = client(trust)) {
      assertThat(servedCertificate(early, service.uri())).isEqualTo(first.certificate());

      first.replaceWith(second);
      service.service().reloadCertificate();

      // Every event loop has it.
      for (int i = 0; i < 6; i++) {
        try (var late = client(trust)) {
          assertThat(servedCertificate(late, service.uri())).isEqualTo(second.certificate());
        }
      }
      assertThat(servedCertificate(early, service.uri())).isEqualTo(first.certificate());
    }
  }

  @Test
  void takesUpFilesThatChange() throws Exception {
    var first = TestCertificate.create(folder, "EC");
    var second = TestCertificate.create(folder, "EC");
    var trust = TestCertificate.trusting(first, second);
    try (var service = TestService.start(config -> config.tls(first.files()), OK);
        var watch =
            CertificateWatch.start(service.service(), first.files(), Duration.ofMillis(20))) {
      assertThat(watch).isNotNull();
      // A pair that does not serve, as between the writing of its two files, changes nothing.
      Files.writeString(first.files().key(), "half written");
      first.replaceWith(second);

      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                try (var late = client(trust)) {
                  return servedCertificate(late, service.uri()).equals(second.certificate());
                }
              });
    }
  }

  @Test
  void keepsTheOldCertificateWhenTheNewOneDoesNotServe() throws Exception {
    var certificate = TestCertificate.create(folder, "EC");
    try (var service = TestService.start(config -> config.tls(certificate.files()), OK);
        var client = client(TestCertificate.trusting(certificate))) {
      Files.writeString(certificate.files().certificateChain(), "not a certificate");

      assertThatThrownBy(() -> service.service().reloadCertificate())
          .isInstanceOfSatisfying(
              ServerStartException.class, e -> assertThat(e.reason()).isEqualTo(TLS_FILES_INVALID));
      assertThat(servedCertificate(client, service.uri())).isEqualTo(certificate.certificate());
    }
  }

  /// Whoever has none hears no where one is required, and is nobody where it is not.
  @Test
  void asksClientsForCertificates() throws Exception {
    var server = TestCertificate.create(folder, "EC");
    var known = TestCertificate.createClient(folder);
    var stranger = TestCertificate.createClient(folder);
    // Issued by whom it is trusted, and not said to be a client's.
    var purposeless = TestCertificate.create(folder, "EC", "-ext", "bc=ca:true");
    var forServers =
        TestCertificate.create(folder, "EC", "-ext", "bc=ca:true", "-ext", "eku=serverAuth");
    var authorities = folder.resolve("authorities.pem");
    for (var trusted : List.of(known, purposeless, forServers)) {
      Files.writeString(
          authorities,
          Files.readString(trusted.files().certificateChain()),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    for (boolean required : new boolean[] {false, true}) {
      var files = server.files().withClients(new ClientAuthorities(authorities, required));
      try (var service = TestService.start(config -> config.tls(files), TlsIT::tellsWhoAsks)) {
        var uri = service.uri();
        assertThat(asks(known.showing(server), uri)).isEqualTo(known.certificate().toString());
        for (var refused : List.of(stranger, purposeless, forServers)) {
          assertThatThrownBy(() -> asks(refused.showing(server), uri))
              .isInstanceOf(IOException.class);
        }
        var without = TestCertificate.trusting(server);
        if (required) {
          assertThatThrownBy(() -> asks(without, uri)).isInstanceOf(IOException.class);
        } else {
          assertThat(asks(without, uri)).isEqualTo("nobody");
        }
      }
    }
  }

  @Test
  void takesUpAuthoritiesOfClientsThatChange() throws Exception {
    var server = TestCertificate.create(folder, "EC");
    var first = TestCertificate.createClient(folder);
    var second = TestCertificate.createClient(folder);
    var authorities = Files.copy(first.files().certificateChain(), folder.resolve("ca.pem"));
    var files = server.files().withClients(new ClientAuthorities(authorities, true));
    try (var service = TestService.start(config -> config.tls(files), TlsIT::tellsWhoAsks);
        var watch = CertificateWatch.start(service.service(), files, Duration.ofMillis(20))) {
      assertThat(watch).isNotNull();
      assertThat(asks(first.showing(server), service.uri())).isNotEqualTo("nobody");
      Files.writeString(authorities, "half of a file");
      Files.copy(
          second.files().certificateChain(), authorities, StandardCopyOption.REPLACE_EXISTING);

      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(() -> !asks(second.showing(server), service.uri()).equals("nobody"));
      assertThatThrownBy(() -> asks(first.showing(server), service.uri()))
          .isInstanceOf(IOException.class);
    }
  }

  private static void tellsWhoAsks(Exchange exchange) throws IOException {
    var certificate = exchange.clientCertificate();
    exchange.respondText(200, certificate == null ? "nobody" : certificate.toString());
  }

  private static String asks(SSLContext context, URI uri) throws Exception {
    try (var client = client(context)) {
      return new String(get(client, uri).body(), UTF_8).strip();
    }
  }

  @Test
  void saysWhichFileIsWrong() throws Exception {
    var certificate = TestCertificate.create(folder, "EC");
    var other = TestCertificate.create(folder, "EC");
    var rsa = TestCertificate.create(folder, "RSA");
    var missing = folder.resolve("missing.pem");
    var garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
    var good = certificate.files();

    assertRefused(new TlsFiles(missing, good.key()), "TLS certificate", "missing.pem");
    assertRefused(new TlsFiles(good.certificateChain(), missing), "TLS key", "missing.pem");
    assertRefused(new TlsFiles(garbage, good.key()), "garbage.pem", "in PEM");
    assertRefused(new TlsFiles(good.certificateChain(), garbage), "garbage.pem", "in PEM");
    assertRefused(new TlsFiles(good.key(), good.certificateChain()), "tls.key", "in PEM");
    assertRefused(
        new TlsFiles(good.certificateChain(), other.files().key()), "is not the key of", "tls.crt");
    assertRefused(
        new TlsFiles(good.certificateChain(), rsa.files().key()), "does not match", "tls.crt");
    for (var wrong : List.of(missing, garbage, good.certificateChain())) {
      assertRefused(
          good.withClients(new ClientAuthorities(wrong, false)),
          wrong.getFileName().toString(),
          "vouches for clients");
    }
    var large = Files.write(folder.resolve("large.pem"), new byte[(1 << 20) + 1]);
    assertRefused(good.withClients(new ClientAuthorities(large, true)), "large.pem", "bytes");
  }

  private static void assertRefused(TlsFiles files, String... sentences) {
    assertThatThrownBy(() -> TestService.start(config -> config.tls(files), OK))
        .isInstanceOfSatisfying(
            ServerStartException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(TLS_FILES_INVALID);
              assertThat(e).hasMessageContainingAll(sentences);
            });
  }

  private static HttpClient client(SSLContext trust) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trust).build();
  }

  private static HttpResponse<byte[]> get(HttpClient client, URI uri) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static Certificate servedCertificate(HttpClient client, URI uri) throws Exception {
    return get(client, uri).sslSession().orElseThrow().getPeerCertificates()[0];
  }
}
