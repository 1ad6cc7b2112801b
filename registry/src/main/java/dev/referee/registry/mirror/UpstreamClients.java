package dev.referee.registry.mirror;

import static java.util.Objects.requireNonNull;

import dev.referee.client.CredentialsSource;
import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One client for each mirror: its credentials and authorities are for its own registry alone.
final class UpstreamClients implements AutoCloseable {
  private final Vertx vertx;
  private final Map<Upstream.Mirror, RegistryClient> clients;

  private UpstreamClients(Vertx vertx, Map<Upstream.Mirror, RegistryClient> clients) {
    this.vertx = vertx;
    this.clients = Map.copyOf(clients);
  }

  static UpstreamClients of(List<Upstream.Mirror> mirrors) throws UpstreamsException {
    var configs = new HashMap<Upstream.Mirror, RegistryClientConfig>();
    for (var mirror : mirrors) {
      configs.put(mirror, config(mirror));
    }
    var vertx = Vertx.vertx();
    var clients = new HashMap<Upstream.Mirror, RegistryClient>();
    configs.forEach((mirror, config) -> clients.put(mirror, new RegistryClient(vertx, config)));
    return new UpstreamClients(vertx, clients);
  }

  private static RegistryClientConfig config(Upstream.Mirror mirror) throws UpstreamsException {
    var config = RegistryClientConfig.defaults().with(credentials(mirror));
    if (mirror.plainHttp()) {
      config = config.withPlainHttp(Set.of(mirror.registry()));
    }
    var authorities = mirror.authorities();
    if (authorities == null) {
      return config;
    }
    try {
      var pem = Files.readString(authorities);
      RegistryClientConfig.checkAuthorities(pem);
      return config.trusting(List.of(pem));
    } catch (IOException | IllegalArgumentException e) {
      throw new UpstreamsException("%s cannot be used: %s".formatted(authorities, e), e);
    }
  }

  private static CredentialsSource credentials(Upstream.Mirror mirror) throws UpstreamsException {
    Path file = mirror.credentials();
    return file == null ? CredentialsSource.ANONYMOUS : CredentialsFile.open(file);
  }

  RegistryClient of(Upstream.Mirror mirror) {
    return requireNonNull(clients.get(mirror), "every mirror has a client");
  }

  @Override
  public void close() {
    clients.values().forEach(RegistryClient::close);
    vertx.close().await();
  }
}
