package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/// The Docker engine of this machine. Whether it has an image, or gets it, is found out before a
/// container is started: to start one without would cost minutes.
final class DockerEngine implements ContainerImages {
  private static final String HOST = "DOCKER_HOST";

  /// For some hundred megabytes.
  private static final long PULL_SECONDS = 300;

  private final Map<String, String> environment;
  private final Path socket;

  DockerEngine(Map<String, String> environment, Path socket) {
    this.environment = Map.copyOf(environment);
    this.socket = requireNonNull(socket, "socket is null");
  }

  static DockerEngine of(Map<String, String> environment) {
    return new DockerEngine(environment, Path.of("/var/run/docker.sock"));
  }

  @Override
  public Optional<String> missing(String image) {
    // Testcontainers looks for an engine in many places, loudly.
    if (environment.getOrDefault(HOST, "").isBlank() && !Files.exists(socket)) {
      return Optional.of("no Docker engine: %s is not set, %s not there".formatted(HOST, socket));
    }
    // Not yet by Testcontainers' own client: that starts a container first, and where its image
    // cannot be had takes seven minutes to say so.
    return engine()
        .map(client -> has(client, image) ? Optional.<String>empty() : pull(client, image))
        .orElseGet(() -> Optional.of("no Docker engine answers"));
  }

  /// What Testcontainers will find. Its client is closed by Testcontainers, whose it is.
  private static Optional<DockerClient> engine() {
    try {
      var ways =
          ServiceLoader.load(DockerClientProviderStrategy.class).stream()
              .map(ServiceLoader.Provider::get)
              .toList();
      return Optional.of(
          DockerClientProviderStrategy.getFirstValidStrategy(ways).getDockerClient());
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static boolean has(DockerClient client, String image) {
    try {
      client.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static Optional<String> pull(DockerClient client, String image) {
    try {
      boolean done =
          client
              .pullImageCmd(image)
              .exec(new PullImageResultCallback())
              .awaitCompletion(PULL_SECONDS, SECONDS);
      return done && has(client, image)
          ? Optional.empty()
          : Optional.of("the Docker engine did not get %s in time".formatted(image));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted while the Docker engine got " + image);
    } catch (RuntimeException e) {
      return Optional.of(
          "the Docker engine has no image %s and does not get it: %s"
              .formatted(image, firstLine(e)));
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
