package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpServiceConfigTest {
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);

  @Test
  void hasDefaultsThatFitACluster() {
    var config = HttpServiceConfig.listening(ANY).build();

    assertThat(config.listen()).isEqualTo(ANY);
    assertThat(config.tls()).isNull();
    assertThat(config.health()).isTrue();
    assertThat(config.maxConcurrentRequests()).isEqualTo(512);
    assertThat(config.maxWait()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.maxHeaderBytes()).isEqualTo(32768);
    assertThat(config.lameDuck()).isZero();
    // Above the 90 s for which API servers keep connections to webhooks.
    assertThat(config.idleTimeout()).isGreaterThan(Duration.ofSeconds(90));
  }

  @Test
  void refusesWhatCannotWork() {
    var builder = HttpServiceConfig.listening(ANY);

    assertThatThrownBy(() -> builder.maxConcurrentRequests(0).build())
        .hasMessageContaining("at least 1");
    builder.maxConcurrentRequests(1);
    assertThatThrownBy(() -> builder.maxHeaderBytes(10).build()).hasMessageContaining("1024");
    builder.maxHeaderBytes(4096);
    assertThatThrownBy(() -> builder.lameDuck(Duration.ofSeconds(-1)).build())
        .hasMessageContaining("negative");
  }
}
