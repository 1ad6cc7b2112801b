package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.TLS_FAILED;
import static dev.referee.oci.SourceReason.UNREACHABLE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one request to one server and brings the head of the answer back. It knows nothing of
/// tokens, redirects or registries; it knows deadlines, addresses and faults.
final class Transport implements AutoCloseable {
  /// Connections to one server. A decision reads 32 things at a time at most.
  private static final int CONNECTIONS_PER_SERVER = 64;

  /// Requests that wait for a connection; more means that a server has stalled.
  private static final int WAITING_REQUESTS = 4096;

  private static final int KEEP_ALIVE_SECONDS = 60;

  /// Tokens of some clouds have several kilobytes.
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private static final int CHUNK_BYTES = 128 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  private final HttpClient client;

  Transport(Vertx vertx, RegistryClientConfig config) {
    var options =
        new HttpClientOptions()
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setDecompressionSupported(false)
            .setVerifyHost(true);
    if (!config.trustedCertificates().isEmpty()) {
      options.setTrustOptions(TrustOptions.wrap(RegistryTrust.with(config.trustedCertificates())));
    }
    var pool =
        new PoolOptions()
            .setHttp1MaxSize(CONNECTIONS_PER_SERVER)
            .setMaxWaitQueueSize(WAITING_REQUESTS);
    this.client = vertx.createHttpClient(options, pool);
  }

  /// Sends a request.
  ///
  /// @param authorization the `Authorization` header, if any
  /// @throws SourceException with a fault of the transport, or `ADDRESS_REFUSED`
  HttpResponse send(HttpRequest request, @Nullable String authorization, Deadline deadline)
      throws SourceException {
    var origin = Origin.of(request.uri());
    SourceException last = null;
    for (var address : AddressPolicy.resolve(origin.host())) {
      try {
        return send(request, authorization, origin, address, deadline);
      } catch (SourceException e) {
        // Another address of the same host may listen where this one does not.
        if (e.reason() != UNREACHABLE || !request.isSafe()) {
          throw e;
        }
        last = e;
      }
    }
    throw requireNonNull(last, "a host that resolves has an address");
  }

  private HttpResponse send(
      HttpRequest request,
      @Nullable String authorization,
      Origin origin,
      InetAddress address,
      Deadline deadline)
      throws SourceException {
    var underWay =
        client
            .request(options(request, authorization, origin, address, deadline))
            .map(Transport::listening);
    var response = new AtomicReference<@Nullable ResponseBody>();
    try {
      var exchange = await(underWay, deadline);
      var head =
          exchange
              .response()
              .map(
                  received -> {
                    response.set(ResponseBody.of(received, deadline));
                    return received;
                  });
      sendBody(request, exchange, head, deadline);
      var received = await(head, deadline);
      return new HttpResponse(
          request.uri(),
          received.statusCode(),
          received.headers(),
          requireNonNull(response.get(), "a response has a body"));
    } catch (TimeoutException e) {
      abandon(underWay);
      throw new SourceException(TIMEOUT, request + " was not answered in time", e);
    } catch (InterruptedException e) {
      abandon(underWay);
      Thread.currentThread().interrupt();
      throw new SourceException(TIMEOUT, request + " was given up", e);
    } catch (IOException e) {
      abandon(underWay);
      throw new SourceException(UNREACHABLE, "%s: %s".formatted(request, e.getMessage()), e);
    } catch (ExecutionException e) {
      throw fault(request, e.getCause() == null ? e : e.getCause());
    }
  }

  private static RequestOptions options(
      HttpRequest request,
      @Nullable String authorization,
      Origin origin,
      InetAddress address,
      Deadline deadline) {
    var query = request.uri().getRawQuery();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setHost(origin.host())
            .setPort(origin.port())
            .setSsl(origin.isEncrypted())
            .setServer(SocketAddress.inetSocketAddress(origin.port(), address.getHostAddress()))
            .setURI(request.uri().getRawPath() + (query == null ? "" : "?" + query))
            .setFollowRedirects(false)
            .setConnectTimeout(Math.max(1, deadline.remaining().toMillis()));
    request.headers().forEach(options::putHeader);
    if (authorization != null) {
      options.putHeader("Authorization", authorization);
    }
    return options;
  }

  /// Sends the body, chunk by chunk as the connection takes it. A server that answers before it has
  /// seen everything, or closes its ears, is not interested in the rest: its answer decides.
  private static void sendBody(
      HttpRequest request,
      HttpClientRequest exchange,
      Future<HttpClientResponse> head,
      Deadline deadline)
      throws IOException, TimeoutException, InterruptedException {
    var content = request.body();
    if (content == null) {
      if (!request.isSafe()) {
        exchange.putHeader("Content-Length", "0");
      }
      exchange.end();
      return;
    }
    exchange.putHeader("Content-Length", Long.toString(request.length()));
    try (var stream = content.open()) {
      var chunk = new byte[CHUNK_BYTES];
      int count = stream.read(chunk);
      while (count >= 0 && !head.isComplete()) {
        await(exchange.write(Buffer.buffer(count).appendBytes(chunk, 0, count)), deadline);
        count = stream.read(chunk);
      }
      if (count < 0) {
        exchange.end();
      }
    } catch (ExecutionException e) {
      // The connection is gone; so is the answer, unless it came first.
      LOG.debug("{}: the body was not taken", request, e.getCause());
    }
  }

  private static <T> T await(Future<T> future, Deadline deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Gives a request up, also one that still waits for a connection: when it gets one, it would
  /// keep it for ever.
  private static void abandon(Future<HttpClientRequest> underWay) {
    underWay.onSuccess(exchange -> exchange.reset());
  }

  /// From the beginning: a request that was sent takes no handler any more, and one that is given
  /// up has nobody else to tell.
  private static HttpClientRequest listening(HttpClientRequest exchange) {
    return exchange.exceptionHandler(cause -> LOG.debug("it broke: {}", cause.getMessage()));
  }

  private static SourceException fault(HttpRequest request, Throwable cause) {
    var message = "%s: %s".formatted(request, cause.getMessage());
    if (cause instanceof TimeoutException) {
      return new SourceException(TIMEOUT, request + " got no connection in time", cause);
    }
    return cause instanceof SSLException
        ? new SourceException(TLS_FAILED, message, cause)
        : new SourceException(UNREACHABLE, message, cause);
  }

  @Override
  public void close() {
    client.close();
  }
}
