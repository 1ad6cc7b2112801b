package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How a server of ours runs. The defaults fit a server inside a cluster.
///
/// @param name names the server's threads and log lines
/// @param listen where it listens
/// @param tls its certificate; without one it speaks plain HTTP
/// @param maxConcurrentRequests how many handlers run at the same time
/// @param maxWait how long a request waits for its turn before it is `overloaded`
/// @param overloaded answers a request that had no turn; not counted as running, so it must be
///   quick
/// @param errors answers what a handler threw
/// @param malformed answers what is no request
/// @param idleTimeout a connection on which nothing moves for so long is closed
/// @param bodyPatience how long a client may keep a handler waiting for its body, all waits
///   together; it earns more by delivering, see [BodyStream]
/// @param maxHeaderBytes the size of all headers of a request together
/// @param health whether the server answers `/livez` and `/readyz` itself
/// @param ready asked by `/readyz`, on an event loop: it must not block
/// @param lameDuck how long [HttpService#drain] keeps serving, so that clients hear of the end
///   before their connections close
public record HttpServiceConfig(
    String name,
    ListenAddress listen,
    @Nullable TlsFiles tls,
    int maxConcurrentRequests,
    Duration maxWait,
    ExchangeHandler overloaded,
    ErrorResponder errors,
    MalformedAnswer.Maker malformed,
    Duration idleTimeout,
    Duration bodyPatience,
    int maxHeaderBytes,
    boolean health,
    BooleanSupplier ready,
    Duration lameDuck) {
  public HttpServiceConfig {
    requireNonNull(name, "name is null");
    requireNonNull(listen, "listen is null");
    requireNonNull(overloaded, "overloaded is null");
    requireNonNull(errors, "errors is null");
    requireNonNull(malformed, "malformed is null");
    requireNonNull(ready, "ready is null");
    if (maxConcurrentRequests < 1) {
      throw new IllegalArgumentException(
          "maxConcurrentRequests is %d, at least 1 is needed".formatted(maxConcurrentRequests));
    }
    if (maxHeaderBytes < 1024) {
      throw new IllegalArgumentException(
          "maxHeaderBytes is %d, at least 1024 are needed".formatted(maxHeaderBytes));
    }
    for (var duration : List.of(maxWait, idleTimeout, bodyPatience, lameDuck)) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("the duration %s is negative".formatted(duration));
      }
    }
  }

  /// A configuration with all defaults but the address.
  public static Builder listening(ListenAddress listen) {
    return new Builder(listen);
  }

  /// Collects what differs from the defaults.
  public static final class Builder {
    private final ListenAddress listen;
    private String name = "http";
    private @Nullable TlsFiles tls;
    // Threads are virtual and cheap; what is bounded is the memory that their requests hold.
    private int maxConcurrentRequests = 512;
    private Duration maxWait = Duration.ofSeconds(1);
    private ExchangeHandler overloaded = Builder::unavailable;
    private ErrorResponder errors = Exchange::respondText;
    private MalformedAnswer.Maker malformed = MalformedAnswer::text;
    // Kubernetes' API servers keep connections to webhooks for 90 s: twice that never cuts one off.
    private Duration idleTimeout = Duration.ofMinutes(3);
    // Beyond any pause of a network that still works, below what holds threads for nothing.
    private Duration bodyPatience = Duration.ofMinutes(1);
    private int maxHeaderBytes = 32 << 10;
    private boolean health = true;
    private BooleanSupplier ready = () -> true;
    private Duration lameDuck = Duration.ZERO;

    private Builder(ListenAddress listen) {
      this.listen = requireNonNull(listen, "listen is null");
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder tls(@Nullable TlsFiles value) {
      tls = value;
      return this;
    }

    public Builder maxConcurrentRequests(int value) {
      maxConcurrentRequests = value;
      return this;
    }

    public Builder maxWait(Duration value) {
      maxWait = value;
      return this;
    }

    public Builder overloaded(ExchangeHandler value) {
      overloaded = value;
      return this;
    }

    public Builder errors(ErrorResponder value) {
      errors = value;
      return this;
    }

    public Builder malformed(MalformedAnswer.Maker value) {
      malformed = value;
      return this;
    }

    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    public Builder bodyPatience(Duration value) {
      bodyPatience = value;
      return this;
    }

    public Builder maxHeaderBytes(int value) {
      maxHeaderBytes = value;
      return this;
    }

    public Builder health(boolean value) {
      health = value;
      return this;
    }

    public Builder ready(BooleanSupplier value) {
      ready = value;
      return this;
    }

    public Builder lameDuck(Duration value) {
      lameDuck = value;
      return this;
    }

    public HttpServiceConfig build() {
      return new HttpServiceConfig(
          name,
          listen,
          tls,
          maxConcurrentRequests,
          maxWait,
          overloaded,
          errors,
          malformed,
          idleTimeout,
          bodyPatience,
          maxHeaderBytes,
          health,
          ready,
          lameDuck);
    }

    private static void unavailable(Exchange exchange) throws Exception {
      exchange.setHeader("Retry-After", "1");
      exchange.respondText(503, "overloaded, try again");
    }
  }
}
