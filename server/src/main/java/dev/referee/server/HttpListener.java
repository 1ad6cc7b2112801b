package dev.referee.server;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server on one event loop. Several of them share one address, and Vert.x deals connections
/// out among them.
final class HttpListener extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  /// A push with ten tags or a signed location in its request line stays below it.
  private static final int MAX_REQUEST_LINE_BYTES = 16 << 10;

  private final HttpServiceConfig config;
  private final String host;
  private final @Nullable ServerTls tls;
  private final Handler<HttpServerRequest> requests;
  private final AtomicInteger connections;
  private @Nullable HttpServer server;

  HttpListener(
      HttpServiceConfig config,
      String host,
      @Nullable ServerTls tls,
      Handler<HttpServerRequest> requests,
      AtomicInteger connections) {
    this.config = config;
    this.host = host;
    this.tls = tls;
    this.requests = requests;
    this.connections = connections;
  }

  @Override
  public Future<?> start() {
    var listening =
        vertx
            .httpServerBuilder()
            .with(httpConfig())
            .with(tls == null ? null : tls.options())
            .withConnectHandler(this::connected)
            .build()
            .requestHandler(requests)
            .invalidRequestHandler(this::refuse)
            // A broken handshake or connection is the client's affair.
            .exceptionHandler(e -> LOG.debug("connection failed: {}", e.toString()));
    server = listening;
    return listening.listen(address());
  }

  int port() {
    return started().actualPort();
  }

  Future<Boolean> update(ServerTls replacement) {
    // Forced: the paths are the same and only their content is new.
    return started().updateSSLOptions(replacement.options(), true);
  }

  Future<Void> shutdown(Duration patience) {
    return started().shutdown(patience);
  }

  private HttpServer started() {
    var listening = server;
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return listening;
  }

  private HttpServerConfig httpConfig() {
    var http =
        new HttpServerConfig()
            // HTTP/2 costs five times the CPU for blobs and buys nothing here.
            .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
            .setHttp1Config(
                new Http1ServerConfig()
                    .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                    .setMaxHeaderSize(config.maxHeaderBytes())
                    .setMaxChunkSize(HttpService.MAX_CHUNK_BYTES))
            .setHandle100ContinueAutomatically(false);
    http.setIdleTimeout(config.idleTimeout());
    return http;
  }

  private SocketAddress address() {
    int port = config.listen().port();
    return port == 0
        ? SocketAddress.sharedRandomPort(1, host)
        : SocketAddress.inetSocketAddress(port, host);
  }

  private void connected(HttpConnection connection) {
    if (connections.incrementAndGet() > HttpService.MAX_CONNECTIONS) {
      connection.close();
    }
    connection.closeHandler(_ -> connections.decrementAndGet());
  }

  /// What is not HTTP, or has a longer request line or more headers than are read.
  private void refuse(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    int status =
        switch (cause) {
          case TooLongHttpLineException _ -> 414;
          case TooLongHttpHeaderException _ -> 431;
          case null, default -> 400;
        };
    LOG.debug("refused a request with {}: {}", status, String.valueOf(cause));
    var answer = config.malformed().make(status, reason(status));
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .end(Buffer.buffer(answer.body()))
        .onComplete(_ -> request.connection().close());
  }

  /// Nothing of what was sent is repeated.
  private String reason(int status) {
    return switch (status) {
      case 414 -> "the request line is longer than %d bytes".formatted(MAX_REQUEST_LINE_BYTES);
      case 431 -> "the headers are longer than %d bytes".formatted(config.maxHeaderBytes());
      default -> "what was sent is no request of HTTP/1.1";
    };
  }
}
