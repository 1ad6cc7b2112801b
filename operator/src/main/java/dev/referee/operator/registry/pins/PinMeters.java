package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// What is counted of leases.
final class PinMeters {
  private static final String WANTED = "referee.pins.wanted";

  private final MeterRegistry registry;
  private final AtomicLong wanted = new AtomicLong();

  PinMeters(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry is null");
    // An operator may lead more than once.
    var before = registry.find(WANTED).gauge();
    if (before != null) {
      registry.remove(before);
    }
    Gauge.builder(WANTED, wanted, AtomicLong::doubleValue)
        .description("Running images of bundled registries that are kept from collection")
        .register(registry);
  }

  void wanted(long count) {
    wanted.set(count);
  }

  void asked(PinOutcome outcome) {
    Counter.builder("referee.pins.renewals")
        .description("Leases that were asked for")
        .tag("outcome", outcome.label())
        .register(registry)
        .increment();
  }
}
