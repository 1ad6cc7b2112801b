package dev.referee.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterChoiceTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void takesTheFirstThatIsThereAndSaysWhyNotTheOnesBefore() {
    var cluster = new NamedCluster("a cluster");

    var chosen =
        choose(
            () -> new Unavailable("KUBECONFIG_E2E is not set"),
            () -> new Available(cluster, "started in 3 s"),
            () -> {
              throw new AssertionError("asked although a cluster was there");
            });

    assertThat(chosen).isEqualTo(new Available(cluster, "started in 3 s"));
    assertThat(said).containsExactly("using a cluster: KUBECONFIG_E2E is not set; started in 3 s");
  }

  @Test
  void saysInOneLoudLineThatThereIsNone() {
    var chosen =
        choose(
            () -> new Unavailable("KUBECONFIG_E2E is not set"),
            () -> new Unavailable("go is not on the PATH"));

    assertThat(chosen)
        .isEqualTo(new Unavailable("KUBECONFIG_E2E is not set; go is not on the PATH"));
    assertThat(said)
        .containsExactly(
            "SKIPPING every test that needs a cluster, there is none: KUBECONFIG_E2E is not set; go"
                + " is not on the PATH");
  }

  @Test
  void doesNotPassOverABrokenCluster() {
    assertThatThrownBy(
            () ->
                choose(
                    () -> {
                      throw new ClusterException("it does not answer");
                    },
                    () -> new Available(new NamedCluster("another"), "started")))
        .isInstanceOf(ClusterException.class)
        .hasMessage("it does not answer");
  }

  private Offer choose(ClusterDriver... drivers) {
    return ClusterChoice.choose(List.of(drivers), said::add);
  }
}
