package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.Definitions;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A namespace about whose pods the API server asks a webhook, and a registry beside it. What it
/// makes outside the namespace has names and a label that nobody else's has.
final class GuardedNamespace implements AutoCloseable {
  /// The API server learns of a configuration, and the webhook of a policy, a moment later.
  private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final String name = TemporaryNamespace.uniqueName();
  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-guarded");
  private final RefereeProcess registry;
  private @Nullable AdmissionWebhook webhook;
  private @Nullable TemporaryNamespace namespace;

  /// Starts the registry. Nobody is asked before [#guard(String)].
  GuardedNamespace(Cluster cluster) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    Definitions.install(cluster);
    registry = RefereeProcess.registry(folder.path());
  }

  /// From now on the API server asks; waits until it refuses an image.
  ///
  /// @param probe an image that is pushed and not allowed
  void guard(String probe) throws IOException {
    webhook = AdmissionWebhook.start(cluster, name, folder.path());
    namespace = TemporaryNamespace.in(cluster, Map.of(AdmissionWebhook.LABEL, name));
    awaitAnswer(probe, "denied the request");
  }

  /// A name for objects that are in no namespace.
  String name() {
    return name;
  }

  /// The labels of such objects, as the entries of a YAML flow mapping.
  String labels() {
    return "\"%s\": \"%s\"".formatted(AdmissionWebhook.LABEL, name);
  }

  /// `HOST:PORT` of the registry.
  String registry() {
    return registry.host();
  }

  Path folder() {
    return folder.path();
  }

  void apply(String manifest) {
    cluster.kubectl().reading(manifest).succeed("apply", "-f", "-");
  }

  /// Creates what a manifest says as far as everything but storing it, in no namespace.
  Output tryToCreate(String manifest) {
    return cluster.kubectl().reading(manifest).run("create", "--dry-run=server", "-f", "-");
  }

  /// Runs kubectl for the namespace.
  Output kubectl(String manifest, String... arguments) {
    var name = requireNonNull(namespace, "guard() was not called").name();
    return cluster
        .kubectl()
        .reading(manifest)
        .run(
            Stream.concat(Stream.of("--namespace", name), Stream.of(arguments))
                .toArray(String[]::new));
  }

  /// Creates a pod that runs an image of the registry.
  Output pod(String pod, String image, String... options) {
    var manifest =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: "%s"}
        spec: {containers: [{name: main, image: "%s/shop/%s:v1"}]}
        """
            .formatted(pod, registry(), image);
    return kubectl(
        manifest,
        Stream.concat(Stream.of("create", "-f", "-"), Stream.of(options)).toArray(String[]::new));
  }

  /// Creates a pod by the name of its image, as far as everything but storing it.
  Output dryRun(String image) {
    return pod(image, image, "--dry-run=server");
  }

  void awaitAnswer(String image, String... parts) {
    Awaitility.await()
        .atMost(IN_FORCE_WITHIN)
        .untilAsserted(() -> assertThat(dryRun(image).stderr()).contains(parts));
  }

  void awaitAllowed(String image) {
    Awaitility.await()
        .atMost(IN_FORCE_WITHIN)
        .untilAsserted(() -> assertThat(dryRun(image).exitCode()).isZero());
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
    cluster
        .kubectl()
        .run(
            "delete",
            "clusterreferrerpolicies,clustersigners,clustertrustroots",
            "--selector=%s=%s".formatted(AdmissionWebhook.LABEL, name));
    if (namespace != null) {
      namespace.close();
    }
    registry.close();
    folder.close();
  }
}
