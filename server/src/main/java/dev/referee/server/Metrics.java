package dev.referee.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;

/// What a server counts, and how Prometheus reads it (text exposition format 0.0.4).
public final class Metrics implements AutoCloseable {
  /// Where metrics are read.
  public static final String PATH = "/metrics";

  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Metrics() {
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /// Where meters are kept.
  public MeterRegistry registry() {
    return registry;
  }

  /// Answers a request for [#PATH].
  public void respond(Exchange exchange) throws IOException {
    exchange.respond(200, TEXT, registry.scrape().getBytes(UTF_8));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
