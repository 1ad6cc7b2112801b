package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import io.vertx.core.Vertx;

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

  @Override
  public void close() {
    transport.close();
  }
}
