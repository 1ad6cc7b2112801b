package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// What authorities publish and answer over HTTP: lists of revoked certificates, statuses,
/// timestamps. Whatever is not there is answered with 404.
final class LoopbackSite implements AutoCloseable {
  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private LoopbackSite(HttpServer server) {
    this.server = requireNonNull(server, "server is null");
  }

  static LoopbackSite open() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.start();
      return new LoopbackSite(server);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing listens on loopback", e);
    }
  }

  /// Where something is, or would be.
  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  /// Answers at a path and below it.
  ///
  /// @param answer to the content of a request, which a GET has none of
  /// @return the address
  String serve(String path, String type, UnaryOperator<byte[]> answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            asked.add(path);
            var content = answer.apply(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
          }
        });
    return url(path);
  }

  /// Publishes a document.
  ///
  /// @return its address
  String publish(String path, String type, byte[] content) {
    return serve(path, type, _ -> content);
  }

  /// How often something was asked for at a path.
  long asked(String path) {
    return asked.stream().filter(path::equals).count();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
