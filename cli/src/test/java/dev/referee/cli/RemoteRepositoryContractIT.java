package dev.referee.cli;

import dev.referee.client.RegistryClient;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RemoteRepository;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Deadline;
import dev.referee.oci.Repository;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.server.ListenAddress;
import dev.referee.testing.contract.ArtifactSourceContract;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Our client on our registry. Stands here because neither may import the other's tests.
class RemoteRepositoryContractIT extends ArtifactSourceContract {
  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final RegistryClient client = new RegistryClient(vertx, RegistryClientConfig.defaults());
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    registry =
        Registry.start(RegistryConfig.of(folder, ListenAddress.parse("127.0.0.1:0")).build());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
    vertx.close().await();
  }

  @Override
  protected ArtifactSink sink() {
    return repository();
  }

  @Override
  protected ArtifactSource source() {
    return repository();
  }

  private RemoteRepository repository() {
    return client.open(
        new Repository(registry.uri().getAuthority(), "contract"),
        Deadline.in(Duration.ofSeconds(30)));
  }
}
