package dev.referee.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.junit.OnCluster;
import dev.referee.e2e.junit.WithClients;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Images that are pushed to a registry of the cluster run in pods of the cluster: the registry in
/// a pod of its own, pushes with a service account's token, pulls by the node's containerd through
/// the `hosts.toml` that the command line wrote.
@OnCluster
@WithClients
@Tag("node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryOnNodeE2E {
  private NodeRegistries registries;
  private RegistryUser user;

  @BeforeAll
  void startOperator(Cluster cluster, Clients clients) throws IOException {
    registries = NodeRegistries.start(cluster, clients);
    user = registries.user();
  }

  @AfterAll
  void cleanUp() {
    if (registries != null) {
      registries.close();
    }
  }

  @Test
  void runsAnImageThatIsPulledThroughThePortOfTheNode() {
    user.apply(
        "open",
        """
        {storage: {persistentVolume: {size: 1Gi}}, nodePort: 30943, access: {anonymousRead: true,
          serviceAccounts: [{name: builder, repositories: ["apps/**"], actions: [Pull, Push]}]}}
        """);
    var endpoint = registries.ready("open", 1);
    var written = registries.tellTheNode("open");
    assertThat(written).contains("server = \"https://127.0.0.1:30943\"");

    registries.push("open", registries.token(endpoint), "apps/answer:1");

    assertThat(registries.exitCodeOf("through-node-port", endpoint + "/apps/answer:1", ""))
        .isEqualTo(TinyImage.EXIT_CODE);
  }

  @Test
  void runsAnImageThatIsPulledWithASecretThroughTheAddressOfTheService() {
    user.apply(
        "closed",
        """
        {storage: {persistentVolume: {size: 1Gi}}, access: {
          serviceAccounts: [{name: builder, repositories: ["apps/**"], actions: [Pull, Push]}]}}
        """);
    var endpoint = registries.ready("closed", 1);
    assertThat(registries.tellTheNode("closed"))
        .contains("server = \"https://" + registries.address("closed"));
    var token = registries.token(endpoint);
    registries.push("closed", token, "apps/answer:1");
    user.kubectl()
        .succeed(
            "-n",
            user.namespace(),
            "create",
            "secret",
            "docker-registry",
            "pull",
            "--docker-server=" + endpoint,
            "--docker-username=builder",
            "--docker-password=" + token);

    assertThat(registries.exitCodeOf("with-secret", endpoint + "/apps/answer:1", "pull"))
        .isEqualTo(TinyImage.EXIT_CODE);
  }

  @Test
  void nobodyPushesWhereNobodyWasGrantedIt() {
    user.apply("shut", "{storage: {persistentVolume: {size: 1Gi}}, access: {anonymousRead: true}}");
    var endpoint = registries.ready("shut", 1);

    var refused =
        registries
            .crane("shut", registries.token(endpoint))
            .run(registries.appending("shut", "apps/answer:1"));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).containsAnyOf("DENIED", "UNAUTHORIZED", "403", "401");
  }
}
