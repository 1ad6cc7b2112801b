package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/// How a workload stood when it was verified last.
///
/// @param workload which
/// @param verifiedAt when that was
/// @param writtenAt when its report was written last
/// @param until when something of it ends by itself
/// @param open whether something could not be found out, or not be written down
/// @param judged by what it was judged
/// @param content the hash of its report; empty where it has none
/// @param denials what would not be admitted
record Standing(
    Workload workload,
    Instant verifiedAt,
    Instant writtenAt,
    Instant until,
    boolean open,
    String judged,
    String content,
    List<Denial> denials) {
  Standing {
    requireNonNull(workload, "workload is null");
    requireNonNull(verifiedAt, "verifiedAt is null");
    requireNonNull(writtenAt, "writtenAt is null");
    requireNonNull(until, "until is null");
    requireNonNull(judged, "judged is null");
    requireNonNull(content, "content is null");
    denials = List.copyOf(denials);
  }

  boolean isReported() {
    return !content.isEmpty();
  }

  /// What a report says of the time before a restart. Where it does not say everything, the
  /// workload is judged anew.
  static Standing of(WorkloadReport report) {
    var cut = report.notListed();
    boolean complete = cut.of(Result.FAIL) + cut.of(Result.ERROR) + cut.of(Result.WARN) == 0;
    return new Standing(
        report.workload(),
        report.verifiedAt(),
        report.verifiedAt(),
        report.results().stream().map(Standing::end).min(Instant::compareTo).orElse(Instant.MAX),
        report.summary().of(Result.ERROR) > 0,
        complete ? report.judged() : "",
        report.contentHash(),
        Denial.of(report.workload(), report.results()));
  }

  private static Instant end(ReportResult result) {
    if (result.grant() == null) {
      return Instant.MAX;
    }
    try {
      return Instant.parse(result.grant().expiresAt());
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  /// When it is to be verified again, as long as it is judged by the same.
  Instant due(Schedule schedule) {
    var turn = schedule.next(workload.uid(), verifiedAt);
    var retry = open ? schedule.retry(verifiedAt) : turn;
    // What ended before it was verified has been seen to be over.
    var end = until.isAfter(verifiedAt) ? until : turn;
    return min(turn, min(retry, end));
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
