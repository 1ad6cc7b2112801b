package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.gate.registries.Registries.Host;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registries, each reached as the cluster's objects say at the moment it is asked. Registries with
/// settings of their own have a client of their own, so that neither credentials nor authorities of
/// one are ever used for another.
public final class ConfiguredRegistries implements ArtifactSources, AutoCloseable {
  /// A client that is not needed any more may still be read from; longer than any decision takes.
  private static final Duration LINGER = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredRegistries.class);

  private final Vertx vertx;
  private final RegistryClientConfig base;
  private final Supplier<Registries> registries;
  private final RegistryClient others;
  private final Map<HostSettings, RegistryClient> clients = new HashMap<>();
  private long seen = Registries.NONE.generation();

  /// @param vertx whose event loops carry the traffic; not closed with the registries
  /// @param base what holds for every registry
  /// @param registries what holds for some, asked at every read
  public ConfiguredRegistries(
      Vertx vertx, RegistryClientConfig base, Supplier<Registries> registries) {
    this.vertx = requireNonNull(vertx, "vertx is null");
    this.base = requireNonNull(base, "base is null");
    this.registries = requireNonNull(registries, "registries is null");
    this.others = new RegistryClient(vertx, base);
  }

  @Override
  public ArtifactSource open(Repository repository, Deadline deadline) {
    var now = registries.get();
    return switch (now.hosts().get(repository.registry())) {
      case null -> others.open(repository, deadline);
      case Host.Misconfigured misconfigured -> new MisconfiguredSource(misconfigured.message());
      case Host.Known known -> open(now, known.settings(), repository, deadline);
    };
  }

  private ArtifactSource open(
      Registries now, HostSettings settings, Repository repository, Deadline deadline) {
    var registry = client(now, settings).open(repository, deadline);
    if (settings.mirrors().isEmpty()) {
      return registry;
    }
    var mirrors = new ArrayList<ArtifactSource>();
    for (var mirror : settings.mirrors()) {
      try {
        var path =
            mirror.prefix().isEmpty()
                ? repository.path()
                : mirror.prefix() + "/" + repository.path();
        mirrors.add(
            client(now, mirror.settings())
                .open(new Repository(mirror.settings().registry(), path), deadline));
      } catch (MalformedContentException e) {
        // A prefix that makes the name too long: this repository is not at this mirror.
        LOG.debug("{} is not at a mirror: {}", repository, e.getMessage());
      }
    }
    return new MirroredSource(mirrors, registry);
  }

  private synchronized RegistryClient client(Registries now, HostSettings settings) {
    // Hashes of what has many certificates cost more than a look at the number.
    if (now.generation() != seen) {
      seen = now.generation();
      retire(used(now));
    }
    return clients.computeIfAbsent(settings, _ -> new RegistryClient(vertx, settings.over(base)));
  }

  private static Set<HostSettings> used(Registries registries) {
    var used = new HashSet<HostSettings>();
    for (var host : registries.hosts().values()) {
      if (host instanceof Host.Known(HostSettings settings)) {
        used.add(settings);
        settings.mirrors().forEach(mirror -> used.add(mirror.settings()));
      }
    }
    return used;
  }

  private void retire(Set<HostSettings> used) {
    for (var settings : Set.copyOf(clients.keySet())) {
      if (!used.contains(settings)) {
        var client = requireNonNull(clients.remove(settings), "it was there");
        vertx.setTimer(LINGER.toMillis(), _ -> client.close());
      }
    }
  }

  @Override
  public synchronized void close() {
    clients.values().forEach(RegistryClient::close);
    clients.clear();
    others.close();
  }
}
