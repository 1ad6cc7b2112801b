package dev.referee.e2e.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.ClusterDriver;
import dev.referee.e2e.cluster.ClusterException;
import dev.referee.e2e.cluster.NamedCluster;
import dev.referee.e2e.cluster.Offer;
import dev.referee.e2e.cluster.Offer.Available;
import dev.referee.e2e.cluster.Offer.Unavailable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The extension and the summary line, in runs of the classes at the end of this file.
class ClusterExtensionTest {
  /// Keeps whoever runs all classes of a package from running those at the end of this file.
  private static final String CONDITION =
      "dev.referee.e2e.junit.ClusterExtensionTest#isRunFromHere";

  private static boolean running;

  private static final List<String> SAID = new ArrayList<>();
  private static final List<Cluster> RECEIVED = new ArrayList<>();
  private static final List<Offer> OFFERS = new ArrayList<>();

  @BeforeEach
  void forget() {
    SAID.clear();
    RECEIVED.clear();
    OFFERS.clear();
  }

  @Test
  void sharesOneClusterAndClosesItAtTheEnd() {
    var cluster = new NamedCluster("a local control plane (Kubernetes v1.36.3)");
    OFFERS.add(new Available(cluster, "started"));

    run(FirstE2E.class, SecondE2E.class);

    assertThat(RECEIVED).hasSize(4).containsOnly(cluster);
    assertThat(cluster.isClosed()).isTrue();
    assertThat(SAID)
        .containsExactly(
            "using a local control plane (Kubernetes v1.36.3): started",
            "4 tests on a local control plane (Kubernetes v1.36.3), 1 skipped");
  }

  @Test
  void skipsAllWithOneLineWhereThereIsNone() {
    OFFERS.add(new Unavailable("KUBECONFIG_E2E is not set"));

    run(FirstE2E.class, SecondE2E.class);

    assertThat(RECEIVED).isEmpty();
    assertThat(SAID)
        .containsExactly(
            "SKIPPING every test that needs a cluster, there is none: KUBECONFIG_E2E is not set",
            // Nobody knows how often a parameterized test would have run.
            "0 tests without a cluster, 4 skipped");
  }

  @Test
  void failsAllAfterOneAttemptAtABrokenCluster() {
    run(FirstE2E.class, SecondE2E.class);

    assertThat(RECEIVED).isEmpty();
    assertThat(SAID).containsExactly("asked", "4 tests without a cluster, 0 skipped, 4 FAILED");
  }

  @Test
  void countsAFailure() {
    OFFERS.add(new Available(new NamedCluster("a cluster"), "started"));

    run(FailingE2E.class);

    assertThat(SAID).last().isEqualTo("1 test on a cluster, 0 skipped, 1 FAILED");
  }

  @Test
  void saysNothingWhereNoEndToEndTestRan() {
    run(Unrelated.class);

    assertThat(SAID).isEmpty();
  }

  private static void run(Class<?>... classes) {
    var quiet =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestExecutionListeners(new SummaryListener(SAID::add))
            .build();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(type -> selectClass(type)).toList())
            .build();
    running = true;
    try {
      LauncherFactory.create(quiet).execute(request);
    } finally {
      running = false;
    }
  }

  static boolean isRunFromHere() {
    return running;
  }

  private static ClusterExtension extension() {
    ClusterDriver driver =
        () -> {
          if (OFFERS.isEmpty()) {
            SAID.add("asked");
            throw new ClusterException("it does not answer");
          }
          return OFFERS.getFirst();
        };
    return new ClusterExtension(List.of(driver), SAID::add);
  }

  @EnabledIf(CONDITION)
  static final class FirstE2E {
    @RegisterExtension static final ClusterExtension EXTENSION = extension();

    @Test
    void receives(Cluster cluster) {
      RECEIVED.add(cluster);
    }

    @Test
    void isSkipped() {
      Assumptions.abort("to be counted");
    }
  }

  @EnabledIf(CONDITION)
  static final class SecondE2E {
    @RegisterExtension static final ClusterExtension EXTENSION = extension();

    private final Cluster cluster;

    SecondE2E(Cluster cluster) {
      this.cluster = cluster;
    }

    @Test
    void hasReceived() {
      RECEIVED.add(cluster);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void hasReceivedAgain(int time) {
      RECEIVED.add(cluster);
    }
  }

  @EnabledIf(CONDITION)
  static final class FailingE2E {
    @RegisterExtension static final ClusterExtension EXTENSION = extension();

    @Test
    void fails() {
      throw new AssertionError("as it should");
    }
  }

  @EnabledIf(CONDITION)
  static final class Unrelated {
    @Test
    void runs() {}
  }
}
