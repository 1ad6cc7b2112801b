package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// What an audit counts.
final class AuditMeters {
  private final MeterRegistry registry;
  private final AtomicLong workloads = new AtomicLong();
  private final AtomicLong images = new AtomicLong();
  private final AtomicLong overdue = new AtomicLong();

  AuditMeters(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry is null");
    gauge("referee.audit.workloads", "Workloads that run something", workloads);
    gauge("referee.audit.images", "Different images that run", images);
    gauge("referee.audit.overdue", "Workloads that wait to be verified", overdue);
  }

  /// An operator may lead more than once.
  private void gauge(String name, String description, AtomicLong value) {
    var before = registry.find(name).gauge();
    if (before != null) {
      registry.remove(before);
    }
    Gauge.builder(name, value, AtomicLong::doubleValue).description(description).register(registry);
  }

  void inventory(long runningWorkloads, long runningImages) {
    workloads.set(runningWorkloads);
    images.set(runningImages);
  }

  void overdue(long count) {
    overdue.set(count);
  }

  /// One workload was verified.
  ///
  /// @param summary what was found
  void verified(Tally summary) {
    for (var result : Result.values()) {
      if (summary.of(result) > 0) {
        counter("referee.audit.results", "Results of audits", "result", result.toString())
            .increment(summary.of(result));
      }
    }
  }

  /// Something was asked of the API server.
  ///
  /// @param operation `write`, `remove`, `status`
  void asked(String operation) {
    counter("referee.audit.requests", "Changes to reports and statuses", "operation", operation)
        .increment();
  }

  /// Something was asked of the API server in vain.
  void failed() {
    Counter.builder("referee.audit.failures")
        .description("Changes to reports and statuses that failed")
        .register(registry)
        .increment();
  }

  private Counter counter(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }
}
