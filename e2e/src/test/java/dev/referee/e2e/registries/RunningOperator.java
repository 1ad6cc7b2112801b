package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.tools.ModuleFolder;
import dev.referee.operator.registry.OciRegistries;
import dev.referee.operator.registry.OciRegistriesConfig;
import dev.referee.operator.registry.pins.ServiceAccountName;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;

/// The part of the operator that runs registries, in this process, with the rights of a service
/// account and no more.
final class RunningOperator implements AutoCloseable {
  /// So that Secrets, which are not watched, are seen soon.
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final String ACCOUNT = "operator";

  private static final Duration ESTABLISHED_WITHIN = Duration.ofSeconds(60);

  private final KubernetesClient admin;
  private final KubernetesClient client;
  private final String role;
  private final OciRegistries registries;

  private RunningOperator(
      KubernetesClient admin, KubernetesClient client, String role, OciRegistries registries) {
    this.admin = requireNonNull(admin, "admin is null");
    this.client = requireNonNull(client, "client is null");
    this.role = requireNonNull(role, "role is null");
    this.registries = requireNonNull(registries, "registries is null");
  }

  /// Installs the kind and starts the operator. The kind stays: others may have objects of it.
  ///
  /// @param image of Referee, which the registries run
  static RunningOperator start(Cluster cluster, String image) {
    var manifest = ModuleFolder.path().resolve("../crds/manifests/ociregistries.yaml");
    cluster
        .kubectl()
        .succeed("apply", "--server-side", "--force-conflicts", "-f", manifest.toString());
    cluster
        .kubectl()
        .succeed(
            "wait",
            "--for=condition=Established",
            "--timeout=%ds".formatted(ESTABLISHED_WITHIN.toSeconds()),
            "crd/ociregistries.referee.dev");
    var name = TemporaryNamespace.uniqueName();
    makeAccount(cluster.client(), name);
    grant(cluster.client(), name);
    var config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    config.setImpersonateUsername("system:serviceaccount:%s:%s".formatted(name, ACCOUNT));
    config.setImpersonateGroups("system:serviceaccounts", "system:authenticated");
    var client = new KubernetesClientBuilder().withConfig(config).build();
    var registries =
        OciRegistries.start(
            client,
            OciRegistriesConfig.of(image)
                .every(INTERVAL)
                .pinnedBy(new ServiceAccountName(name, ACCOUNT)),
            Clock.systemUTC());
    return new RunningOperator(cluster.client(), client, name, registries);
  }

  boolean isHealthy() {
    return registries.isHealthy();
  }

  /// Asks with its rights.
  KubernetesClient client() {
    return client;
  }

  ServiceAccountName account() {
    return new ServiceAccountName(role, ACCOUNT);
  }

  /// Lets it have the Secrets that registries of a namespace need.
  void grantSecrets(String namespace) {
    bind(admin, "secrets-role.yaml", namespace, role);
  }

  /// A service account that there is, and may have tokens of its own.
  private static void makeAccount(KubernetesClient admin, String name) {
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName(ACCOUNT)
                .endMetadata()
                .build())
        .create();
    bind(admin, "token-role.yaml", name, name);
  }

  private static void bind(
      KubernetesClient admin, String resource, String namespace, String accountNamespace) {
    var granted = Serialization.unmarshal(text(resource), Role.class);
    admin.resource(granted).inNamespace(namespace).create();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(granted.getMetadata().getName())
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef(
                    "rbac.authorization.k8s.io", "Role", granted.getMetadata().getName())
                .addNewSubject(null, "ServiceAccount", ACCOUNT, accountNamespace)
                .build())
        .create();
  }

  private static void grant(KubernetesClient admin, String name) {
    var role = Serialization.unmarshal(text("operator-role.yaml"), ClusterRole.class);
    role.getMetadata().setName(name);
    admin.resource(role).create();
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
                .addNewSubject(null, "ServiceAccount", ACCOUNT, name)
                .build())
        .create();
  }

  private static String text(String resource) {
    try (var stream =
        requireNonNull(RunningOperator.class.getResourceAsStream(resource), resource)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    registries.close();
    client.close();
    admin.resources(ClusterRoleBinding.class).withName(role).delete();
    admin.resources(ClusterRole.class).withName(role).delete();
    admin.namespaces().withName(role).delete();
  }
}
