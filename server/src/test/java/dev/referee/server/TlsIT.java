package dev.referee.server;

import static dev.referee.server.ServerStartReason.TLS_FILES_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
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
