package dev.referee.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.referee.testing.tls.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP server on loopback that answers what a test says, in whatever way real registries and
/// hostile ones do, and remembers what it was asked.
public final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// Answers one request.
  @FunctionalInterface
  public interface Answer {
    void answer(HttpExchange exchange) throws IOException;
  }

  /// A request that was received.
  ///
  /// @param line `GET /v2/...`, with the query
  /// @param authorization the header; empty if there was none
  /// @param body the body
  /// @param connection the client's port: requests with the same one came over one connection
  public record Asked(String line, String authorization, String body, int connection) {}

  private ScriptedServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /// A server in plain HTTP.
  public static ScriptedServer start() {
    try {
      return new ScriptedServer(HttpServer.create(anyPort(), 0), "http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A server with this certificate.
  public static ScriptedServer start(IssuedCertificate certificate) {
    try {
      var server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
      return new ScriptedServer(server, "https");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /// `127.0.0.1:PORT`.
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// `http://127.0.0.1:PORT`.
  public String url() {
    return scheme + "://" + host();
  }

  /// Says how to answer from now on.
  ///
  /// @param line `GET /v2/...`, with the query if it matters, or the path alone for every query
  public ScriptedServer on(String line, Answer answer) {
    answers.put(line, answer);
    return this;
  }

  /// What was asked, in order.
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /// The lines of what was asked, in order.
  public List<String> lines() {
    return asked.stream().map(Asked::line).toList();
  }

  /// An answer with a body.
  ///
  /// @param headers names and values in turn
  public static Answer reply(int status, byte[] body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      boolean hasBody = body.length > 0 && !exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
      if (hasBody) {
        exchange.getResponseBody().write(body);
      }
    };
  }

  public static Answer reply(int status, String body, String... headers) {
    return reply(status, body.getBytes(UTF_8), headers);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var uri = exchange.getRequestURI();
      var withoutQuery = exchange.getRequestMethod() + " " + uri.getRawPath();
      var line = uri.getRawQuery() == null ? withoutQuery : withoutQuery + "?" + uri.getRawQuery();
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var authorization = exchange.getRequestHeaders().getFirst("Authorization");
      asked.add(
          new Asked(
              line,
              authorization == null ? "" : authorization,
              body,
              exchange.getRemoteAddress().getPort()));
      var answer = answers.getOrDefault(line, answers.get(withoutQuery));
      (answer == null ? reply(404, "404 page not found", "Content-Type", "text/plain") : answer)
          .answer(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
