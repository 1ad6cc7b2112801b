package dev.referee.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each request from its event loop to a virtual thread, and sees to it that every request
/// ends in a response or a closed connection.
final class RequestDispatcher implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

  private final HttpServiceConfig config;
  private final ExchangeHandler handler;
  private final ServerState state;
  // Fair, so that waiting requests have their turn in order.
  private final Semaphore turns;
  private final ThreadFactory threads;

  RequestDispatcher(HttpServiceConfig config, ExchangeHandler handler, ServerState state) {
    this.config = config;
    this.handler = handler;
    this.state = state;
    this.turns = new Semaphore(config.maxConcurrentRequests(), true);
    this.threads = Thread.ofVirtual().name(config.name()).factory();
  }

  @Override
  public void handle(HttpServerRequest request) {
    try {
      dispatch(request);
    } catch (RuntimeException e) {
      // Vert.x would only log it, and the client would wait for ever.
      LOG.error("a request could not be dispatched", e);
      request.connection().close();
    }
  }

  private void dispatch(HttpServerRequest request) {
    if (config.health() && answersHealth(request)) {
      return;
    }
    long began = System.nanoTime();
    var exchange = new Exchange(request, state);
    state.begin();
    // As many threads as requests: at most one a connection, and connections are bounded.
    threads.newThread(() -> run(exchange, began)).start();
  }

  /// Health is answered on the event loop, so that a saturated server still counts as alive.
  private boolean answersHealth(HttpServerRequest request) {
    boolean ok;
    switch (request.path()) {
      case "/livez" -> ok = true;
      case "/readyz" -> ok = !state.isDraining() && config.ready().getAsBoolean();
      case null, default -> {
        return false;
      }
    }
    var response = request.response().setStatusCode(ok ? 200 : 503);
    response.putHeader("Content-Type", "text/plain; charset=utf-8");
    if (state.isDraining()) {
      response.putHeader("Connection", "close");
    }
    response.end(ok ? "ok\n" : "not ready\n");
    return true;
  }

  private void run(Exchange exchange, long began) {
    try {
      if (turns.tryAcquire(config.maxWait().toNanos(), NANOSECONDS)) {
        try {
          handler.handle(exchange);
        } finally {
          turns.release();
        }
      } else {
        config.overloaded().handle(exchange);
      }
      if (!exchange.isAnswered()) {
        throw new IllegalStateException("the handler returned without a response");
      }
    } catch (Throwable e) {
      failed(exchange, e);
    } finally {
      exchange.finish();
      AccessLog.write(exchange, began);
      state.end();
    }
  }

  private void failed(Exchange exchange, Throwable cause) {
    int status;
    String text;
    switch (cause) {
      case ExchangeException e -> {
        status = e.reason().status();
        text = String.valueOf(e.getMessage());
        LOG.debug("{} {}: {}", exchange.method(), path(exchange), text);
      }
      case IOException e -> {
        status = 500;
        text = "internal error";
        // The world's fault, not the code's: a full disk needs no stack trace.
        LOG.error("{} {} failed: {}", exchange.method(), path(exchange), e.toString());
      }
      default -> {
        status = 500;
        text = "internal error";
        LOG.error("{} {} failed", exchange.method(), path(exchange), cause);
      }
    }
    if (status != 0 && !exchange.isAnswered()) {
      respond(exchange, status, text);
    }
  }

  private void respond(Exchange exchange, int status, String text) {
    try {
      exchange.reset();
      config.errors().respond(exchange, status, text);
    } catch (IOException | RuntimeException e) {
      // The connection is closed instead, so that nobody waits.
      LOG.debug("no response to {}", path(exchange), e);
    }
  }

  private static String path(Exchange exchange) {
    return AccessLog.printable(exchange.path());
  }
}
