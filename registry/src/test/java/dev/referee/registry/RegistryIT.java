package dev.referee.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.referee.oci.Digest;
import dev.referee.registry.storage.FailingStore;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import dev.referee.server.ListenAddress;
import dev.referee.server.ServerStartException;
import dev.referee.server.TlsFiles;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class RegistryIT {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);
  private static final byte[] CONTENT = "content".getBytes(UTF_8);
  private static final String PUSH = "/v2/a/blobs/uploads/?digest=" + Digest.of(CONTENT);

  @TempDir Path folder;

  @Test
  void keepsEverythingOverARestart() throws Exception {
    var root = folder.resolve("deep/er/root");
    Digest image;
    try (var registry = TestRegistry.start(root)) {
      image = registry.pushImage("a", "v1").digest();
    }
    try (var registry = TestRegistry.start(root)) {
      assertThat(registry.get("/v2/a/manifests/v1").header("Docker-Content-Digest"))
          .isEqualTo(image.toString());
    }
  }

  @Test
  void servesOverTls() throws Exception {
    var config = RegistryConfig.of(folder.resolve("root"), ANY).tls(certificate()).build();
    try (var registry = Registry.start(config);
        var client = HttpClient.newBuilder().sslContext(trust()).build()) {
      assertThat(registry.uri().getScheme()).isEqualTo("https");
      var push =
          HttpRequest.newBuilder(registry.uri().resolve(PUSH))
              .POST(BodyPublishers.ofByteArray(CONTENT))
              .build();
      assertThat(client.send(push, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
      var pull =
          HttpRequest.newBuilder(registry.uri().resolve("/v2/a/blobs/" + Digest.of(CONTENT)))
              .build();
      assertThat(client.send(pull, BodyHandlers.ofByteArray()).body()).isEqualTo(CONTENT);
    }
  }

  /// An object store has no files to send from.
  @Test
  void servesFromAStoreWithoutFiles() throws Exception {
    var large = new byte[300_000];
    Arrays.fill(large, (byte) 'x');
    try (var registry = start(new MemoryObjectStore());
        var client = HttpClient.newHttpClient()) {
      send(client, registry, "POST", "/v2/a/blobs/uploads/?digest=" + Digest.of(large), large);
      var path = "/v2/a/blobs/" + Digest.of(large);

      assertThat(send(client, registry, "GET", path, new byte[0]).body()).hasSize(300_000);
      var part =
          HttpRequest.newBuilder(registry.uri().resolve(path))
              .header("Range", "bytes=299990-")
              .build();
      assertThat(client.send(part, BodyHandlers.ofString()).body()).isEqualTo("x".repeat(10));
    }
  }

  /// A full disk is said to be full, and nothing is acknowledged that is not there.
  @Test
  void saysThatItsStoreIsFull() throws Exception {
    var full = new FailingStore(new MemoryObjectStore(), 0, StorageReason.NO_SPACE);
    try (var registry = start(full);
        var client = HttpClient.newHttpClient()) {
      var answer = send(client, registry, "POST", PUSH, CONTENT);

      assertThat(answer.statusCode()).isEqualTo(507);
      assertThat(answer.body()).contains("\"code\":\"STORAGE_FULL\"");
    }
  }

  /// What will pass is no fault: the client comes back.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"BUSY", "OVERLOADED"})
  void saysWhenToComeBack(StorageReason reason) throws Exception {
    var busy = new FailingStore(new MemoryObjectStore(), 0, reason);
    try (var registry = start(busy);
        var client = HttpClient.newHttpClient()) {
      var answer = send(client, registry, "POST", PUSH, CONTENT);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      assertThat(answer.body()).contains("\"code\":\"UNAVAILABLE\"");
    }
  }

  @Test
  void tellsNothingOfItsOwnFaults() throws Exception {
    var broken = new FailingStore(new MemoryObjectStore(), 0, StorageReason.UNAVAILABLE);
    try (var registry = start(broken);
        var client = HttpClient.newHttpClient()) {
      var answer = send(client, registry, "POST", PUSH, CONTENT);

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.body())
          .isEqualTo("{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"internal error\"}]}");
    }
  }

  @Test
  void answersBrokenQueriesInItsOwnWords() throws Exception {
    try (var registry = TestRegistry.start(folder.resolve("root"))) {
      assertThat(
              registry.raw(
                  "GET /v2/a/tags/list?n=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 400")
          .contains("\"code\":\"REQUEST_INVALID\"");
    }
  }

  @Test
  void saysWhatIsWrongWithItsFolder() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> Registry.start(RegistryConfig.of(file, ANY).build()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void saysThatItsPortIsTaken() throws Exception {
    try (var registry = TestRegistry.start(folder.resolve("root"))) {
      var taken = new ListenAddress("127.0.0.1", registry.uri().getPort());
      assertThatThrownBy(
              () -> Registry.start(RegistryConfig.of(folder.resolve("other"), taken).build()))
          .isInstanceOf(ServerStartException.class);
    }
  }

  @Test
  void warnsThatAnybodyWhoReachesItMayPush() throws Exception {
    assertThat(warnings("127.0.0.1")).isEmpty();
    assertThat(warnings("0.0.0.0")).singleElement().asString().contains("no access control");
  }

  private List<String> warnings(String host) throws Exception {
    var logger = (Logger) LoggerFactory.getLogger(Registry.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    var config = RegistryConfig.of(folder.resolve("root"), new ListenAddress(host, 0)).build();
    try (var registry = Registry.start(config)) {
      assertThat(registry.uri().getPort()).isPositive();
      return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    } finally {
      logger.detachAppender(lines);
    }
  }

  private Registry start(ObjectStore store) throws Exception {
    return Registry.start(RegistryConfig.of(folder, ANY).build(), store);
  }

  private static HttpResponse<String> send(
      HttpClient client, Registry registry, String method, String path, byte[] body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(registry.uri().resolve(path))
            .method(method, BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private KeyStore keys() throws Exception {
    var store = folder.resolve("store.p12");
    if (!Files.exists(store)) {
      var keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=ip:127.0.0.1",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  "changeit")
              .redirectErrorStream(true)
              .start();
      var output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
      assertThat(keytool.waitFor()).as(output).isZero();
    }
    return KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
  }

  private TlsFiles certificate() throws Exception {
    var keys = keys();
    var chain = folder.resolve("tls.crt");
    var key = folder.resolve("tls.key");
    Files.writeString(chain, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("server", "changeit".toCharArray()).getEncoded()));
    return new TlsFiles(chain, key);
  }

  private SSLContext trust() throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys().getCertificate("server"));
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }
}
