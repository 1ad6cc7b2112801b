package dev.referee.registry;

import dev.referee.registry.access.Access;
import dev.referee.registry.content.Collector;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.events.EventSink;
import dev.referee.registry.events.HttpEvents;
import dev.referee.registry.mirror.PullThrough;
import dev.referee.registry.mirror.Supply;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.server.CertificateWatch;
import dev.referee.server.Exchange;
import dev.referee.server.HttpService;
import dev.referee.server.HttpServiceConfig;
import dev.referee.server.Metrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running OCI registry (distribution-spec v1.1.1) over a folder or a bucket.
public final class Registry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

  /// Pushes hold their place for as long as they last, and a node pulls several layers at once.
  private static final int MAX_CONCURRENT_REQUESTS = 1024;

  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final HttpService service;
  private final @Nullable CertificateWatch certificates;
  private final @Nullable ScheduledCollection collection;
  private final Metrics metrics;
  private final @Nullable HttpEvents events;
  private final @Nullable PullThrough mirrors;

  private Registry(
      HttpService service,
      @Nullable CertificateWatch certificates,
      @Nullable ScheduledCollection collection,
      Metrics metrics,
      @Nullable HttpEvents events,
      @Nullable PullThrough mirrors) {
    this.service = service;
    this.certificates = certificates;
    this.collection = collection;
    this.metrics = metrics;
    this.events = events;
    this.mirrors = mirrors;
  }

  /// Starts a registry, which serves when this returns. Nothing of its store is read.
  ///
  /// @throws dev.referee.server.ServerStartException when the address or the TLS files do not serve
  /// @throws dev.referee.registry.storage.StorageException when the store cannot be used
  /// @throws IOException when a file that it is told of cannot be used
  public static Registry start(RegistryConfig config) throws IOException {
    return start(config, config.storage().open());
  }

  /// Starts a registry over a store that is open already.
  ///
  /// @throws dev.referee.server.ServerStartException when the address or the TLS files do not serve
  public static Registry start(RegistryConfig config, ObjectStore store) throws IOException {
    var content =
        RegistryContent.over(store, config.clock(), config.uploadLimits(), config.sparse());
    var http =
        HttpServiceConfig.listening(config.listen())
            .name("registry")
            .tls(config.tls())
            .maxConcurrentRequests(MAX_CONCURRENT_REQUESTS)
            .maxWait(MAX_WAIT)
            .overloaded(Registry::overloaded)
            .errors(ErrorBody::respond)
            .malformed(ErrorBody::malformed)
            .lameDuck(config.lameDuck())
            .build();
    var metrics = new Metrics();
    var told = new LateEvents();
    var challenges =
        new Challenges(config.access().tokens(), config.tokenRealm(), config.tls() != null);
    PullThrough mirrors = null;
    EventSink sink = null;
    HttpService service;
    try {
      var settings = config.events();
      if (settings != null) {
        sink = EventSink.open(settings);
      }
      if (config.upstreams().haveMirrors()) {
        mirrors =
            PullThrough.start(config.upstreams(), content, metrics.registry(), config.clock());
      }
      var supply = mirrors == null ? Supply.NONE : mirrors;
      service =
          HttpService.start(
              http,
              new RegistryHandler(
                  content, config.access(), challenges, metrics, told, supply, config.clock()));
    } catch (IOException e) {
      if (mirrors != null) {
        mirrors.close();
      }
      if (sink != null) {
        sink.close();
      }
      metrics.close();
      throw e;
    }
    var events =
        sink == null ? null : HttpEvents.start(sink, source(config, service), metrics.registry());
    if (events != null) {
      told.tell(events);
    }
    var tls = config.tls();
    var schedule = config.collection();
    var registry =
        new Registry(
            service,
            tls == null ? null : CertificateWatch.start(service, tls, CertificateWatch.INTERVAL),
            schedule == null
                ? null
                : ScheduledCollection.start(
                    new Collector(
                        store,
                        content,
                        config.clock(),
                        schedule.policy().withOverlays(config.upstreams()::isOverlay)),
                    schedule.every(),
                    metrics.registry()),
            metrics,
            events,
            mirrors);
    boolean known = tls != null && tls.clients() != null && tls.clients().required();
    if (config.access().equals(Access.OPEN) && !known && !config.listen().isLoopback()) {
      LOG.warn(
          "{} is reachable from other machines and has no access control: whoever reaches it can"
              + " push and delete",
          registry.uri());
    }
    return registry;
  }

  /// Where it is reached.
  public URI uri() {
    return service.uri();
  }

  /// Ends it so that clients lose nothing, see [HttpService#drain].
  public void drain(Duration patience) {
    stopWatching();
    service.drain(patience);
    closeTellers();
  }

  @Override
  public void close() {
    stopWatching();
    service.close();
    closeTellers();
  }

  /// After the last request, which may have something to tell.
  private void closeTellers() {
    if (mirrors != null) {
      mirrors.close();
    }
    if (events != null) {
      events.close();
    }
    metrics.close();
  }

  private void stopWatching() {
    if (certificates != null) {
      certificates.close();
    }
    if (collection != null) {
      collection.close();
    }
  }

  private static URI source(RegistryConfig config, HttpService service) {
    var settings = config.events();
    return settings == null || settings.source() == null ? service.uri() : settings.source();
  }

  private static void overloaded(Exchange exchange) throws IOException {
    exchange.setHeader("Retry-After", "1");
    ErrorBody.respond(
        exchange,
        new RegistryException(
            ErrorCode.TOOMANYREQUESTS, "the registry is busy with other requests; try again"));
  }
}
