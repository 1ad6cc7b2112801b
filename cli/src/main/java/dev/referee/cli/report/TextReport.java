package dev.referee.cli.report;

import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.ReportResult;
import dev.referee.operator.audit.Result;
import dev.referee.operator.audit.Verdict;
import java.util.ArrayList;
import java.util.List;

/// For a terminal: what somebody has to act on in full, the rest in a line each.
final class TextReport {
  private final StringBuilder text = new StringBuilder();

  private TextReport() {}

  static String of(ClusterState state) {
    var report = new TextReport();
    report.summary(state);
    state.workloads().forEach(report::add);
    return report.text.toString();
  }

  private void summary(ClusterState state) {
    line(
        "%s%s at %s"
            .formatted(
                state.cluster(),
                state.namespace() == null ? "" : ", namespace " + state.namespace(),
                state.at()));
    var counts = new ArrayList<String>();
    for (var verdict : Verdict.values()) {
      long count = state.count(verdict);
      if (count > 0) {
        counts.add("%d %s".formatted(count, verdict.words()));
      }
    }
    line(
        "%d workloads%s%s"
            .formatted(
                state.workloads().size(),
                counts.isEmpty() ? "" : "; images: ",
                String.join(", ", counts)));
  }

  private void add(RunningWorkload running) {
    var workload = running.workload();
    line("");
    line(
        "%s  (%s%s)"
            .formatted(
                workload.describe(),
                running.pods() == 1 ? "1 pod" : running.pods() + " pods",
                running.verifiedAt() == null ? "" : ", verified " + running.verifiedAt()));
    running.images().forEach(this::add);
    if (running.notListed().total() > 0) {
      line("  not listed in its report: %s".formatted(running.notListed()));
    }
  }

  private void add(RunningImage image) {
    line("  %-12s  %s".formatted(image.verdict().words(), image.image()));
    for (var result : shown(image.results())) {
      line(
          "    %s %s: %s%s"
              .formatted(
                  result.policy(),
                  result.requirement(),
                  result.reason().isEmpty() ? "" : result.reason() + ": ",
                  result.message()));
    }
  }

  private static List<ReportResult> shown(List<ReportResult> results) {
    return results.stream().filter(result -> result.result() != Result.PASS).toList();
  }

  /// A message must not draw on somebody's terminal.
  private void line(String words) {
    words.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(text::appendCodePoint);
    text.append('\n');
  }
}
