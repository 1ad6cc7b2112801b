package dev.referee.api.v1alpha1;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How running images are verified again.
///
/// @param interval within which each running image is verified again; absent, 1 hour
/// @param reports what the findings are written as; absent, [ReportKind#AUTO]
public record AuditSpec(Duration interval, ReportKind reports) {
  public static final Duration DEFAULT_INTERVAL = Duration.ofHours(1);
  static final Duration MIN_INTERVAL = Duration.ofMinutes(1);
  static final Duration MAX_INTERVAL = Duration.ofDays(7);

  static final AuditSpec DEFAULT = new AuditSpec(null, null);

  public AuditSpec(@Nullable Duration interval, @Nullable ReportKind reports) {
    this.interval = interval == null ? DEFAULT_INTERVAL : interval;
    this.reports = reports == null ? ReportKind.AUTO : reports;
    Specs.check(
        this.interval.compareTo(MIN_INTERVAL) >= 0 && this.interval.compareTo(MAX_INTERVAL) <= 0,
        "interval is not within 1m and 168h");
  }
}
