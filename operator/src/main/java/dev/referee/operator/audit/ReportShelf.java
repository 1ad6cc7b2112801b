package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ReportKind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps reports in whichever kind the cluster has, and writes only what says something new: the
/// number of requests grows with what changes, and not with time.
final class ReportShelf {
  private static final Logger LOG = LoggerFactory.getLogger(ReportShelf.class);

  /// How soon to look for a kind of reports that is not installed.
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  /// How soon to look whether a better kind was installed.
  private static final Duration LOOK_FOR_BETTER = Duration.ofMinutes(10);

  private final Reports reports;
  private final AuditStatus status;
  private final AuditMeters meters;
  private final InstantSource clock;

  private volatile Optional<ReportFormat> format = Optional.empty();
  private @Nullable ReportKind wanted;
  private Instant lookedAt = Instant.MIN;

  ReportShelf(Reports reports, AuditStatus status, AuditMeters meters, InstantSource clock) {
    this.reports = requireNonNull(reports, "reports is null");
    this.status = requireNonNull(status, "status is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// What became of a report.
  ///
  /// @param content the hash of what is written; empty for nothing
  /// @param writtenAt when that was written
  /// @param failed whether it could not be
  record Kept(String content, Instant writtenAt, boolean failed) {}

  /// Finds out, now and then, which kind of reports there is.
  ///
  /// @return whether that has changed, so that what was written before counts no more
  boolean open(ReportKind asked) {
    var now = clock.instant();
    boolean sameWish = asked == wanted;
    if (sameWish && now.isBefore(lookAgainAt())) {
      return false;
    }
    var found = reports.find(asked);
    lookedAt = now;
    boolean first = wanted == null;
    boolean changed = !found.equals(format);
    wanted = asked;
    format = found;
    if (changed || !sameWish) {
      reports.removeOthers(found);
      status.reports(asked, found);
    }
    return changed || first;
  }

  private Instant lookAgainAt() {
    return lookedAt.equals(Instant.MIN)
        ? Instant.MIN
        : lookedAt.plus(format.isPresent() ? LOOK_FOR_BETTER : LOOK_AGAIN);
  }

  /// Every report, as it was left.
  List<WorkloadReport> list() {
    return format.map(reports::list).orElse(List.of());
  }

  /// Writes a report, if it says something new or it is time to say that it still holds; removes it
  /// when it has nothing to say.
  ///
  /// @param before how the workload stood; null when it was not known
  Kept put(WorkloadReport report, @Nullable Standing before, Schedule schedule) {
    var kind = format;
    var now = report.verifiedAt();
    if (kind.isEmpty()) {
      return new Kept("", now, false);
    }
    if (report.results().isEmpty()) {
      boolean clean = before == null || remove(before);
      return new Kept(clean ? "" : "unknown", now, !clean);
    }
    var content = report.contentHash();
    if (before != null
        && content.equals(before.content())
        && now.isBefore(schedule.next(report.workload().uid(), before.writtenAt()))) {
      return new Kept(content, before.writtenAt(), false);
    }
    boolean written =
        attempt("written", report.workload(), "write", () -> reports.write(report, kind.get()));
    return written ? new Kept(content, now, false) : new Kept("unknown", now, true);
  }

  /// Removes the report of a workload, if it has one.
  ///
  /// @return false when that failed
  boolean remove(Standing standing) {
    var kind = format;
    return kind.isEmpty()
        || !standing.isReported()
        || attempt(
            "removed",
            standing.workload(),
            "remove",
            () -> reports.remove(standing.workload(), kind.get()));
  }

  private boolean attempt(String done, Workload workload, String operation, Runnable request) {
    try {
      meters.asked(operation);
      request.run();
      return true;
    } catch (KubernetesClientException e) {
      if (operation.equals("remove") && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return true;
      }
      meters.failed();
      LOG.warn(
          "the report of {} was not {}, and that is tried again: {}",
          workload.describe(),
          done,
          e.getMessage());
      return false;
    }
  }
}
