package dev.referee.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JarOrderTest {
  @Test
  void putsFirstWhatEveryServerReadsAtItsStart() {
    assertThat(
            JarOrder.of(
                List.of(
                    "annotations-2.57.8.jar",
                    "kubernetes-model-core-7.9.0.jar",
                    "netty-common-4.2.20.Final.jar",
                    "netty-buffer-4.2.20.Final.jar",
                    "referee-cli-0.1.0.jar",
                    "vertx-core-5.1.6.jar")))
        .containsExactly(
            "referee-cli-0.1.0.jar",
            "vertx-core-5.1.6.jar",
            "netty-buffer-4.2.20.Final.jar",
            "netty-common-4.2.20.Final.jar",
            "annotations-2.57.8.jar",
            "kubernetes-model-core-7.9.0.jar");
  }

  @Test
  void dependsOnNamesAlone() {
    assertThat(JarOrder.of(List.of("b.jar", "a.jar", "referee-x.jar")))
        .isEqualTo(JarOrder.of(List.of("referee-x.jar", "b.jar", "a.jar")));
  }
}
