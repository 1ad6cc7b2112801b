package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsIT {
  @Test
  void isReadByPrometheus() throws Exception {
    try (var metrics = new Metrics();
        var service = TestService.start(metrics::respond)) {
      metrics.registry().counter("referee.things", "kind", "a").increment(3);

      var response = service.get(Metrics.PATH);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(response.body())
          .contains("referee_things_total{kind=\"a\"} 3.0")
          .contains("jvm_memory_used_bytes");
    }
  }
}
