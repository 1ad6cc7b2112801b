package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// What was found about the images of one workload: the content of one report.
///
/// @param workload whose images
/// @param results what became of each requirement, as many as fit, in [ReportResult#ORDER]
/// @param summary how many results there are, with those that did not fit
/// @param verifiedAt when they were found
/// @param judged tells by what they were found: policies, signers, exceptions, images
public record WorkloadReport(
    Workload workload,
    List<ReportResult> results,
    Tally summary,
    Instant verifiedAt,
    String judged) {
  /// A report is one object of the API server, and is read by people.
  static final int MAX_RESULTS = 100;

  /// An object may have 1.5 MiB by default; reports are many.
  private static final int MAX_CHARS = 256 << 10;

  public WorkloadReport {
    requireNonNull(workload, "workload is null");
    requireNonNull(summary, "summary is null");
    requireNonNull(verifiedAt, "verifiedAt is null");
    requireNonNull(judged, "judged is null");
    results = List.copyOf(results);
  }

  /// A report of everything that was found, cut to what fits.
  static WorkloadReport of(
      Workload workload, Collection<ReportResult> found, Instant verifiedAt, String judged) {
    var fitting =
        found.stream().sorted(ReportResult.ORDER).limit(MAX_RESULTS).map(ReportResult::bounded);
    return new WorkloadReport(workload, within(fitting), Tally.of(found), verifiedAt, judged);
  }

  private static List<ReportResult> within(Stream<ReportResult> results) {
    int[] chars = {0};
    return results
        .takeWhile(
            result -> (chars[0] += ReportTree.properties(result).toString().length()) <= MAX_CHARS)
        .toList();
  }

  /// What did not fit.
  public Tally notListed() {
    return summary.minus(Tally.of(results));
  }

  /// Changes when anything but the time does.
  String contentHash() {
    return Hashes.of(
        Stream.concat(
            Stream.of(workload.toString(), summary.toString()),
            results.stream().map(Object::toString)));
  }
}
