package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/// Stands for a cluster where a test only looks at which one was chosen and whether it was closed.
public final class NamedCluster implements Cluster {
  private final String description;
  private boolean closed;

  public NamedCluster(String description) {
    this.description = requireNonNull(description, "description is null");
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Path kubeconfig() {
    throw nothingBehindIt();
  }

  @Override
  public KubernetesClient client() {
    throw nothingBehindIt();
  }

  @Override
  public Program kubectl() {
    throw nothingBehindIt();
  }

  @Override
  public CallbackAddress callbackAddress() {
    throw nothingBehindIt();
  }

  @Override
  public void close() {
    closed = true;
  }

  private static AssertionError nothingBehindIt() {
    return new AssertionError("a cluster that is only a name was used");
  }
}
