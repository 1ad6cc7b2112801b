package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.client.Session.Redirects;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import io.vertx.core.Vertx;
import java.util.List;

/// A client for any registry (distribution-spec v1.1.1). Its methods block; call them on virtual
/// threads.
///
/// What it holds: connections, tokens, and how each registry is reached. What it never holds:
/// answers.
public final class RegistryClient implements ArtifactSources, AutoCloseable {
  private final Transport transport;
  private final Session session;

  /// @param vertx whose event loops carry the traffic; not closed with the client
  public RegistryClient(Vertx vertx, RegistryClientConfig config) {
    requireNonNull(vertx, "vertx is null");
    this.transport = new Transport(vertx, config);
    this.session = new Session(transport, config);
  }

  @Override
  public RemoteRepository open(Repository repository, Deadline deadline) {
    return new RemoteRepository(session, repository, deadline);
  }

  /// The names of a registry's repositories, as far as its catalog (distribution, `GET
  /// /v2/_catalog`) tells: many registries list what the caller may read, some have none.
  ///
  /// @param registry `host` or `host:port`
  /// @param max how many are read at most
  /// @return in the registry's order; empty where there is no catalog
  /// @throws dev.referee.oci.MalformedContentException for a host that is none
  public List<String> repositories(String registry, int max, Deadline deadline)
      throws SourceException {
    var catalog = new Repository(registry, "catalog");
    var uri = session.origin(catalog, deadline).uri("/v2/_catalog");
    return new NamePages(
            "repositories",
            request -> session.send(request, Scope.list(catalog), Redirects.SAME_ORIGIN, deadline))
        .read(HttpRequest.of("GET", uri), max);
  }

  @Override
  public void close() {
    transport.close();
  }
}
