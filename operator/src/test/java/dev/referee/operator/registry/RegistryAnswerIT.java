package dev.referee.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Asking over real TLS.
class RegistryAnswerIT {
  private final CertificateAuthority authority = CertificateAuthority.create("CN=registry");
  private HttpsServer server;
  private volatile int code = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(authority.server("CN=x", List.of("127.0.0.1")).sslContext()));
    server.createContext(
        "/v2/",
        exchange -> {
          exchange.sendResponseHeaders(code, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403})
  void hearsARegistry(int answer) {
    code = answer;

    assertThat(RegistryAnswer.of(address(), authority.certificatePem()).answers()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 302, 500, 503})
  void hearsThatItIsNoneOrNotWell(int answer) {
    code = answer;

    var heard = RegistryAnswer.of(address(), authority.certificatePem());

    assertThat(heard.answers()).isFalse();
    assertThat(heard.reason()).isEqualTo("UnexpectedAnswer");
    assertThat(heard.message()).contains(String.valueOf(answer), address());
  }

  @Test
  void believesNobodyElse() {
    var stranger = CertificateAuthority.create("CN=registry").certificatePem();

    assertThat(RegistryAnswer.of(address(), stranger).reason()).isEqualTo("NoAnswer");
    assertThat(RegistryAnswer.of(address(), "").reason()).isEqualTo("NoAnswer");
  }

  @Test
  void believesNoCertificateForAnotherHost() {
    var heard =
        RegistryAnswer.of(address().replace("127.0.0.1", "localhost"), authority.certificatePem());

    assertThat(heard.reason()).isEqualTo("NoAnswer");
  }

  @Test
  void saysThatNobodyIsThere() {
    var address = address();
    server.stop(0);

    var heard = RegistryAnswer.of(address, authority.certificatePem());

    assertThat(heard.reason()).isEqualTo("NoAnswer");
    assertThat(heard.message()).contains(address);
  }

  private String address() {
    return "127.0.0.1:%d".formatted(server.getAddress().getPort());
  }
}
