package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/// k3s in a container of this run's own, where a Docker engine answers and has the image or gets
/// it: a whole Kubernetes with a node.
public final class K3sInContainer implements ClusterDriver {
  static final String IMAGE_VARIABLE = "REFEREE_E2E_K3S_IMAGE";

  /// What runs unless another is named.
  static final String IMAGE = "rancher/k3s:v1.36.3-k3s1";

  private final Map<String, String> environment;
  private final GoBuilds builds;
  private final ContainerImages images;

  public K3sInContainer(Map<String, String> environment, GoBuilds builds) {
    this(environment, builds, DockerEngine.of(environment));
  }

  K3sInContainer(Map<String, String> environment, GoBuilds builds, ContainerImages images) {
    this.environment = Map.copyOf(environment);
    this.builds = requireNonNull(builds, "builds is null");
    this.images = requireNonNull(images, "images is null");
  }

  /// @throws ClusterException when it does not come up
  @Override
  public Offer offer() {
    var image = environment.getOrDefault(IMAGE_VARIABLE, "");
    var named = image.isBlank() ? IMAGE : image.strip();
    return images.missing(named).<Offer>map(Unavailable::new).orElseGet(() -> start(named));
  }

  private Offer start(String image) {
    var began = System.nanoTime();
    var container =
        new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
    var folder = TemporaryFolder.create("referee-e2e-k3s");
    Runnable stop =
        () -> {
          container.stop();
          folder.close();
        };
    try {
      container.start();
      var cluster =
          ConnectedCluster.to(
              "k3s in a container",
              kubeconfig(container, folder.path()),
              new Kubectl(builds),
              stop,
              wayBack(container));
      var took = Duration.ofNanos(System.nanoTime() - began);
      return new Available(
          cluster, "%s, ready in %.1f s".formatted(image, took.toMillis() / 1000.0));
    } catch (RuntimeException e) {
      stop.run();
      throw new ClusterException("k3s did not come up in a container of " + image, e);
    }
  }

  private static Path kubeconfig(K3sContainer container, Path folder) {
    try {
      return Files.writeString(folder.resolve("kubeconfig"), container.getKubeConfigYaml());
    } catch (IOException e) {
      throw new ClusterException("the kubeconfig of k3s cannot be written", e);
    }
  }

  /// From inside a container this machine is the gateway of its network, unless somebody knows
  /// better.
  private Map<String, String> wayBack(K3sContainer container) {
    if (!environment.getOrDefault(CallbackAddress.OVERRIDE, "").isBlank()) {
      return environment;
    }
    return container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
        .map(network -> network.getGateway())
        .filter(gateway -> gateway != null && !gateway.isBlank())
        .findFirst()
        .map(gateway -> Map.of(CallbackAddress.OVERRIDE, gateway))
        .orElseThrow(() -> new ClusterException("the container of k3s has no gateway"));
  }
}
