package dev.referee.e2e.conformance;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A balancer without a memory: every request goes to the next server, whichever connection it came
/// over and whatever it belongs to.
final class RoundRobin implements AutoCloseable {
  /// Of one connection and not of the message (RFC 9110 section 7.6.1), or set by the client.
  private static final Set<String> OWN =
      Set.of("host", "connection", "content-length", "transfer-encoding", "expect");

  private final List<URI> servers;
  private final AtomicInteger turn = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer listener;

  private RoundRobin(List<URI> servers, HttpServer listener) {
    this.servers = List.copyOf(servers);
    this.listener = requireNonNull(listener, "listener is null");
  }

  static RoundRobin over(List<URI> servers) throws IOException {
    var balancer =
        new RoundRobin(
            servers,
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    balancer.listener.setExecutor(balancer.threads);
    balancer.listener.createContext("/", balancer::forward);
    balancer.listener.start();
    return balancer;
  }

  String authority() {
    return "127.0.0.1:" + listener.getAddress().getPort();
  }

  /// How many requests each server has had, at least.
  int rounds() {
    return turn.get() / servers.size();
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      var server = servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
      var request =
          HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI().toString()))
              .method(exchange.getRequestMethod(), body(exchange));
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                  values.forEach(value -> request.header(name, value));
                }
              });
      answer(exchange, client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What came in pieces of unknown number goes on so.
  private static BodyPublisher body(HttpExchange exchange) throws IOException {
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      return BodyPublishers.ofInputStream(exchange::getRequestBody);
    }
    var body = exchange.getRequestBody().readAllBytes();
    return body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (head ? !name.equalsIgnoreCase("connection") : !OWN.contains(name)) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    var body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    listener.stop(0);
    client.close();
    threads.close();
  }
}
