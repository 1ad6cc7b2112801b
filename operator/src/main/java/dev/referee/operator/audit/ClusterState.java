package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What runs in a cluster and how it stands, at one moment.
///
/// @param cluster the API server
/// @param namespace null for all of them
/// @param at when it was read
/// @param reports what kind of reports that follows from; empty where there are none
/// @param workloads by namespace, kind and name
public record ClusterState(
    String cluster,
    @Nullable String namespace,
    Instant at,
    String reports,
    List<RunningWorkload> workloads) {
  public ClusterState {
    requireNonNull(cluster, "cluster is null");
    requireNonNull(at, "at is null");
    requireNonNull(reports, "reports is null");
    workloads = List.copyOf(workloads);
  }

  /// A workload that runs something.
  ///
  /// @param workload which
  /// @param pods how many pods it runs
  /// @param verifiedAt when it was verified last; null when it was not, or nothing was to be said
  /// @param notListed the results that its report has no room for
  /// @param images what it runs, the worst first
  public record RunningWorkload(
      Workload workload,
      int pods,
      @Nullable Instant verifiedAt,
      Tally notListed,
      List<RunningImage> images) {
    public RunningWorkload {
      requireNonNull(workload, "workload is null");
      requireNonNull(notListed, "notListed is null");
      images = List.copyOf(images);
    }
  }

  /// An image that a workload runs.
  ///
  /// @param image as it was judged, or would be
  /// @param digest what runs; null where that is not known
  /// @param verdict how it stands
  /// @param results what was found about it
  public record RunningImage(
      String image, @Nullable String digest, Verdict verdict, List<ReportResult> results) {
    public RunningImage {
      requireNonNull(image, "image is null");
      requireNonNull(verdict, "verdict is null");
      results = List.copyOf(results);
    }
  }

  /// How many images stand so; one that two workloads run counts twice.
  public long count(Verdict verdict) {
    return workloads.stream()
        .flatMap(workload -> workload.images().stream())
        .filter(image -> image.verdict() == verdict)
        .count();
  }
}
