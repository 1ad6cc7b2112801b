package dev.referee.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.cluster.Offer.Unavailable;
import dev.referee.e2e.tools.GoBuilds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When k3s is not there, and what is asked for. That it comes up is what every test on a cluster
/// shows where a Docker engine answers.
class K3sInContainerTest {
  @TempDir private Path folder;

  @Test
  void isNotThereWithoutAnEngine() {
    var engine = new DockerEngine(Map.of(), folder.resolve("docker.sock"));

    assertThat(engine.missing(K3sInContainer.IMAGE))
        .hasValueSatisfying(reason -> assertThat(reason).contains("docker.sock"));
  }

  @Test
  void saysWhyItIsNotThere() {
    var driver = driver(Map.of(), _ -> Optional.of("no engine today"));

    assertThat(driver.offer()).isEqualTo(new Unavailable("no engine today"));
  }

  @Test
  void asksForTheImageThatIsNamed() {
    var asked = new ArrayList<String>();
    ContainerImages none =
        image -> {
          asked.add(image);
          return Optional.of("not there");
        };

    driver(Map.of(), none).offer();
    driver(Map.of(K3sInContainer.IMAGE_VARIABLE, " "), none).offer();
    driver(Map.of(K3sInContainer.IMAGE_VARIABLE, "registry.test/k3s:1"), none).offer();

    assertThat(asked)
        .isEqualTo(List.of(K3sInContainer.IMAGE, K3sInContainer.IMAGE, "registry.test/k3s:1"));
  }

  private static K3sInContainer driver(Map<String, String> environment, ContainerImages images) {
    return new K3sInContainer(environment, GoBuilds.standard(), images);
  }
}
