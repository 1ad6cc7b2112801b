package dev.referee.server;

import static java.util.Objects.requireNonNull;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running HTTP/1.1 server: event loops move the bytes, every request has a virtual thread.
public final class HttpService implements AutoCloseable {
  /// Each connection costs buffers and, while it asks for something, a thread.
  static final int MAX_CONNECTIONS = 8192;

  /// The pieces in which bodies arrive.
  static final int MAX_CHUNK_BYTES = 32 << 10;

  /// How long [#close] waits for requests that are being handled.
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);

  /// How long anything may take that involves no client.
  private static final Duration INTERNAL_PATIENCE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

  private final HttpServiceConfig config;
  private final Vertx vertx;
  private final ServerState state;
  private final List<HttpListener> listeners;
  private final URI uri;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private HttpService(
      HttpServiceConfig config, Vertx vertx, ServerState state, List<HttpListener> listeners) {
    this.config = config;
    this.vertx = vertx;
    this.state = state;
    this.listeners = listeners;
    this.uri =
        URI.create(
            "%s://%s"
                .formatted(
                    config.tls() == null ? "http" : "https",
                    new ListenAddress(config.listen().host(), listeners.getFirst().port())));
  }

  /// Starts a server, which serves when this returns.
  ///
  /// @throws ServerStartException with a sentence, when the address or the TLS files do not serve
  public static HttpService start(HttpServiceConfig config, ExchangeHandler handler)
      throws ServerStartException {
    requireNonNull(handler, "handler is null");
    var host = resolve(config.listen());
    var vertx = newVertx();
    try {
      var files = config.tls();
      var tls = files == null ? null : ServerTls.read(vertx, files);
      var state = new ServerState(vertx, config.bodyPatience());
      var dispatcher = new RequestDispatcher(config, handler, state);
      var connections = new AtomicInteger();
      Queue<HttpListener> listeners = new ConcurrentLinkedQueue<>();
      var deployed =
          vertx.deployVerticle(
              () -> {
                var listener = new HttpListener(config, host, tls, dispatcher, connections);
                listeners.add(listener);
                return listener;
              },
              new DeploymentOptions().setInstances(eventLoops()));
      awaitStart(deployed, config);
      return new HttpService(config, vertx, state, List.copyOf(listeners));
    } catch (ServerStartException e) {
      vertx.close();
      throw e;
    }
  }

  /// Where the server is reached: the real port, `https` with TLS.
  public URI uri() {
    return uri;
  }

  /// Reads the TLS files anew. Connections that exist keep their certificates, the client's too;
  /// new ones get the new, and are held to the new authorities.
  ///
  /// @throws ServerStartException when the files do not serve; the old certificate stays
  /// @throws IllegalStateException when the server has no TLS
  public void reloadCertificate() throws ServerStartException {
    var files = config.tls();
    if (files == null) {
      throw new IllegalStateException("%s serves without TLS".formatted(config.name()));
    }
    var tls = ServerTls.read(vertx, files);
    // The listeners share what they listen with, so one of them is enough.
    awaitStart(listeners.getFirst().update(tls), config);
  }

  /// Ends the server so that clients lose nothing: `/readyz` fails first, then for
  /// [HttpServiceConfig#lameDuck] every response asks its client not to come back on the same
  /// connection, then no connection is accepted, and what is being handled ends.
  ///
  /// @param patience how long requests may take that are being handled; then they are cut off
  public void drain(Duration patience) {
    state.startDraining();
    if (!stopping.compareAndSet(false, true)) {
      awaitClosed(patience.plus(config.lameDuck()));
      return;
    }
    try {
      lameDuck();
      Future.join(listeners.stream().map(listener -> listener.shutdown(patience)).toList())
          .await(patience.plus(INTERNAL_PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
      if (!state.awaitIdle(patience)) {
        LOG.warn("{} closed while requests were being handled", config.name());
      }
      vertx.close().await(INTERNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{} did not close in time", config.name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      vertx.close();
    } finally {
      closed.countDown();
    }
  }

  /// Whether [#drain] has begun.
  public boolean isDraining() {
    return state.isDraining();
  }

  @Override
  public void close() {
    drain(CLOSE_PATIENCE);
  }

  /// The time that connection pools and load balancers need to hear of the end.
  private void lameDuck() throws InterruptedException {
    if (closed.await(config.lameDuck().toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.debug("{} closed early", config.name());
    }
  }

  private void awaitClosed(Duration patience) {
    try {
      if (!closed.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.debug("{} is still closing", config.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Vertx newVertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(eventLoops())
            // Nothing of ours runs on workers; Vert.x reads certificates there.
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static int eventLoops() {
    // They only move bytes; handlers have the virtual threads' carriers.
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
  }

  private static String resolve(ListenAddress address) throws ServerStartException {
    try {
      return InetAddress.getByName(address.host()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new ServerStartException(
          ServerStartReason.ADDRESS_UNAVAILABLE,
          "cannot listen on %s: the host does not resolve".formatted(address),
          e);
    }
  }

  private static void awaitStart(Future<?> future, HttpServiceConfig config)
      throws ServerStartException {
    try {
      future.await(INTERNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw startFailure(e, config.listen());
    }
  }

  private static ServerStartException startFailure(Throwable cause, ListenAddress address) {
    var message = String.valueOf(cause.getMessage());
    if (cause instanceof BindException && message.contains("in use")) {
      return new ServerStartException(
          ServerStartReason.ADDRESS_IN_USE,
          "cannot listen on %s: somebody else listens there".formatted(address),
          cause);
    }
    if (cause instanceof SocketException) {
      return new ServerStartException(
          ServerStartReason.ADDRESS_UNAVAILABLE,
          "cannot listen on %s: %s".formatted(address, message),
          cause);
    }
    return new ServerStartException(
        ServerStartReason.FAILED, "cannot serve on %s: %s".formatted(address, message), cause);
  }
}
