package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `referee registry hosts`: what tells a node's container runtime how to reach a registry.
@Command(
    name = "hosts",
    description = {
      "Prints the hosts.toml by which containerd reaches a registry of this cluster.",
      "Nodes do not resolve the names of Services: they ask a port of their own, or the Service's"
          + " address, for what images name by the Service's name."
    })
final class RegistryHostsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "REGISTRY",
      description =
          "NAMESPACE/NAME of an OciRegistry, looked up in the cluster of KUBECONFIG, or HOST:PORT"
              + " as images name any other registry.")
  private @Nullable String registry;

  @Option(
      names = "--at",
      paramLabel = "URL",
      description =
          "Where nodes reach it; for an OciRegistry by default its port of the node, or its"
              + " address.")
  private @Nullable String at;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates (PEM) to trust; for an OciRegistry by default its own authority.")
  private @Nullable Path authority;

  @Option(
      names = "--write",
      paramLabel = "DIR",
      description =
          "Write DIR/HOST:PORT/hosts.toml and its ca.crt, as into /etc/containerd/certs.d, and"
              + " print the paths.")
  private @Nullable Path folder;

  @Spec private @Nullable CommandSpec spec;

  private final Supplier<KubernetesClient> cluster;

  RegistryHostsCommand() {
    this(() -> new KubernetesClientBuilder().build());
  }

  RegistryHostsCommand(Supplier<KubernetesClient> cluster) {
    this.cluster = requireNonNull(cluster, "cluster is null");
  }

  @Override
  public Integer call() throws MisuseException, IOException {
    var hosts = hosts(requireNonNull(registry, "picocli requires REGISTRY"));
    var out = requireNonNull(spec, "picocli sets spec").commandLine().getOut();
    if (folder == null) {
      out.print(hosts.toml());
      out.flush();
    } else {
      write(hosts, folder.resolve(hosts.registry()), out);
    }
    return ExitCode.OK;
  }

  private ContainerdHosts hosts(String name) throws MisuseException {
    var given = authority == null ? null : PemFile.certificates(authority);
    if (!name.contains("/")) {
      if (at == null) {
        throw new MisuseException(
            "--at is needed to say where nodes reach %s; or name an OciRegistry as NAMESPACE/NAME"
                .formatted(name));
      }
      return ContainerdHosts.of(name, at, given);
    }
    try (var client = cluster.get()) {
      var found = BundledRegistry.find(client, name);
      return ContainerdHosts.of(
          found.endpoint(),
          at == null ? found.reachedAt() : at,
          given == null ? found.caBundle() : given);
    } catch (KubernetesClientException e) {
      throw new MisuseException(
          "the cluster does not say where %s is: %s".formatted(name, innermost(e)), e);
    }
  }

  private static void write(ContainerdHosts hosts, Path directory, PrintWriter out)
      throws IOException {
    Files.createDirectories(directory);
    // First what hosts.toml names: containerd reads both at every pull.
    if (hosts.caBundle() != null) {
      out.println(Files.writeString(directory.resolve(ContainerdHosts.CA_FILE), hosts.caBundle()));
    }
    out.println(Files.writeString(directory.resolve("hosts.toml"), hosts.toml()));
    out.flush();
  }

  /// The client wraps what happened in what it was doing.
  private static String innermost(Throwable e) {
    return e.getCause() == null
        ? String.valueOf(e.getMessage()).lines().findFirst().orElse("no answer")
        : innermost(e.getCause());
  }
}
