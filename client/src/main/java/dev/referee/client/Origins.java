package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.TLS_FAILED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows at which origin each registry answers: with TLS, unless the configuration says otherwise,
/// or a server on loopback turns out to have none.
final class Origins {
  private static final String DOCKER_HUB_API = "registry-1.docker.io";
  private static final int MAX_ENTRIES = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Origins.class);

  private final Transport transport;
  private final RegistryClientConfig config;
  private final Map<String, Loopback> loopbacks = new ConcurrentHashMap<>();

  Origins(Transport transport, RegistryClientConfig config) {
    this.transport = requireNonNull(transport, "transport is null");
    this.config = requireNonNull(config, "config is null");
  }

  /// What was found out about a server on loopback, and by whom.
  private static final class Loopback {
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Origin origin;
  }

  Origin of(Repository repository, Deadline deadline) throws SourceException {
    var registry = repository.registry();
    if (registry.equals(Repository.DOCKER_HUB)) {
      return new Origin("https", DOCKER_HUB_API, 443);
    }
    var encrypted = Origin.of(URI.create("https://" + registry));
    if (config.plainHttp().contains(registry)) {
      return Origin.of(URI.create("http://" + registry));
    }
    return AddressPolicy.isLoopback(repository.host())
        ? loopback(registry, encrypted, deadline)
        : encrypted;
  }

  private Origin loopback(String registry, Origin encrypted, Deadline deadline)
      throws SourceException {
    if (loopbacks.size() > MAX_ENTRIES) {
      loopbacks.clear();
    }
    var loopback = loopbacks.computeIfAbsent(registry, r -> new Loopback());
    var known = loopback.origin;
    if (known != null) {
      return known;
    }
    try (var _ = TimedLock.acquire(loopback.asking, "asking " + registry, deadline)) {
      known = loopback.origin;
      if (known == null) {
        known = ask(encrypted, deadline);
        loopback.origin = known;
      }
      return known;
    }
  }

  /// Asks in plain HTTP first, and without any secret: a server that expects TLS refuses that at
  /// once, while one that has none might wait for the end of a TLS greeting for ever.
  private Origin ask(Origin encrypted, Deadline deadline) throws SourceException {
    var plain = encrypted.withScheme("http");
    SourceException refused;
    try {
      // 400 is the usual answer of TLS servers that understand what went wrong.
      return status(plain, deadline) == 400 ? encrypted : plain;
    } catch (SourceException e) {
      if (e.reason() == TIMEOUT || hasCause(e, ConnectException.class)) {
        throw e;
      }
      refused = e;
    }
    try {
      LOG.debug("{} speaks TLS and answers {}", encrypted, status(encrypted, deadline));
      return encrypted;
    } catch (SourceException e) {
      if (e.reason() == TLS_FAILED && hasCause(e, CertificateException.class)) {
        // It has TLS; that it is not trusted is for whoever asks for more to hear.
        return encrypted;
      }
      throw refused;
    }
  }

  private int status(Origin origin, Deadline deadline) throws SourceException {
    try (var response = transport.send(HttpRequest.of("GET", origin.uri("/v2/")), null, deadline)) {
      return response.status();
    }
  }

  /// Whether a request never reached a server at all.
  static boolean neverConnected(SourceException e) {
    return hasCause(e, ConnectException.class) || hasCause(e, UnknownHostException.class);
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    return Optional.ofNullable(e.getCause())
        .filter(cause -> type.isInstance(cause) || hasCause(cause, type))
        .isPresent();
  }
}
