package dev.referee.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.UnaryOperator;

/// A service on loopback and a client for it.
final class TestService implements AutoCloseable {
  private final HttpService service;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestService(HttpService service) {
    this.service = service;
  }

  static TestService start(ExchangeHandler handler) throws IOException {
    return start(config -> config, handler);
  }

  static TestService start(
      UnaryOperator<HttpServiceConfig.Builder> configure, ExchangeHandler handler)
      throws IOException {
    var config = HttpServiceConfig.listening(new ListenAddress("127.0.0.1", 0)).name("test");
    return new TestService(HttpService.start(configure.apply(config).build(), handler));
  }

  HttpService service() {
    return service;
  }

  URI uri() {
    return service.uri();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(service.uri().resolve(path));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> getBytes(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  RawClient raw() throws IOException {
    return new RawClient(service.uri());
  }

  @Override
  public void close() {
    client.close();
    service.close();
  }
}
