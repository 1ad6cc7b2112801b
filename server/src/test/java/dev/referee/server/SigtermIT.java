package dev.referee.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A real process, a real SIGTERM.
class SigtermIT {
  @Test
  void finishesTheRequestInFlightAndExitsWithZero() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                Command.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      var line = output.readLine();
      while (line != null && !line.startsWith("listening on ")) {
        line = output.readLine();
      }
      assertThat(line).isNotNull();
      try (var client = new RawClient(URI.create(line.substring("listening on ".length())))) {
        client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: 4", "Expect: 100-continue");
        // The handler is reading now.
        assertThat(client.headResponse().status()).isEqualTo(100);

        process.toHandle().destroy();
        assertThat(output.readLine()).isEqualTo("stopping");
        client.send("last");

        assertThat(client.response().body()).isEqualTo("4\n");
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /// What a command of ours looks like.
  static final class Command {
    private Command() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
      var config = HttpServiceConfig.listening(new ListenAddress("127.0.0.1", 0)).build();
      ExchangeHandler handler =
          exchange -> exchange.respondText(200, String.valueOf(exchange.body(10).length));
      try (var signal = ShutdownSignal.install();
          var service = HttpService.start(config, handler)) {
        System.out.println("listening on " + service.uri());
        signal.await();
        System.out.println("stopping");
        service.drain(Duration.ofSeconds(30));
      }
    }
  }
}
