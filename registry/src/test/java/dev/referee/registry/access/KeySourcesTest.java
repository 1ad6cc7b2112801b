package dev.referee.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.testing.ScriptedServer;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourcesTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final CertificateAuthority authority = CertificateAuthority.create("CN=test-ca");
  private final ScriptedServer server =
      ScriptedServer.start(authority.server("CN=keys", List.of("localhost", "127.0.0.1")));

  @BeforeEach
  void writeFiles() throws Exception {
    Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
    Files.writeString(folder.resolve("token"), "its-token\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesWithItsToken() throws Exception {
    var keys = TestIssuer.jwks(TestIssuer.es256("one"));
    server.on("GET /keys", ScriptedServer.reply(200, keys));

    assertThat(KeySources.of(rules(), LONG).fetch()).isEqualTo(keys);
    assertThat(server.asked().getFirst().authorization()).isEqualTo("Bearer its-token");
  }

  @Test
  void saysThatThereAreNone() {
    server.on("GET /keys", ScriptedServer.reply(403, "no"));

    assertThatThrownBy(() -> KeySources.of(rules(), LONG).fetch())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered 403");
  }

  @Test
  void readsNoMoreThanKeysCanHave() {
    server.on("GET /keys", ScriptedServer.reply(200, new byte[JsonWebKeys.MAX_BYTES + 1]));

    assertThatThrownBy(() -> KeySources.of(rules(), LONG).fetch()).isInstanceOf(IOException.class);
  }

  /// The headers come at once, and then nothing more.
  @Test
  void waitsForABodyNoLongerThanForAll() {
    var gone = new CountDownLatch(1);
    server.on(
        "GET /keys",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            gone.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });

    try {
      assertThatThrownBy(() -> KeySources.of(rules(), Duration.ofSeconds(2)).fetch())
          .isInstanceOf(IOException.class);
    } finally {
      gone.countDown();
    }
  }

  private ServiceAccountRules rules() {
    return new ServiceAccountRules(
        TestIssuer.NAME,
        Set.of(TestIssuer.AUDIENCE),
        server.url() + "/keys",
        folder.resolve("ca.pem"),
        folder.resolve("token"),
        List.of());
  }
}
