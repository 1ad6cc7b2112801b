package dev.referee.e2e.cluster;

import dev.referee.e2e.tools.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/// A real API server, with the rights of an administrator. It may be shared with others: a test
/// uses names of its own and removes what it made.
public interface Cluster extends AutoCloseable {
  /// What it is and what it runs, for a sentence: `a local control plane (Kubernetes v1.36.3)`.
  String description();

  /// The kubeconfig of an administrator.
  Path kubeconfig();

  /// A client with that kubeconfig, closed with the cluster.
  KubernetesClient client();

  /// The real kubectl with that kubeconfig, built by the first call where need be.
  ///
  /// @throws dev.referee.e2e.tools.ToolException where there is none
  Program kubectl();

  /// The address at which the API server reaches a server in this process.
  CallbackAddress callbackAddress();

  /// Stops whatever was started for it; does nothing the second time.
  @Override
  void close();
}
