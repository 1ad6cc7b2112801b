package dev.referee.cli.report;

import static java.util.stream.Collectors.joining;

import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.Evidence;
import dev.referee.operator.audit.ReportResult;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// For spreadsheets (RFC 4180): a row for each image and requirement, and one for an image about
/// which nothing was found.
final class CsvReport {
  private static final List<String> COLUMNS =
      List.of(
          "namespace",
          "kind",
          "workload",
          "image",
          "digest",
          "policy",
          "requirement",
          "result",
          "reason",
          "message",
          "action",
          "wouldDeny",
          "exception",
          "approvedBy",
          "expiresAt",
          "evidence",
          "verifiedAt");

  private CsvReport() {}

  static String of(ClusterState state) {
    return Stream.concat(
            Stream.of(row(COLUMNS)), state.workloads().stream().flatMap(CsvReport::rows))
        .collect(joining());
  }

  private static Stream<String> rows(RunningWorkload running) {
    return running.images().stream()
        .flatMap(
            image ->
                image.results().isEmpty()
                    ? Stream.of(row(nothing(running, image)))
                    : image.results().stream().map(result -> row(cells(running, image, result))));
  }

  private static List<String> nothing(RunningWorkload running, RunningImage image) {
    return Stream.of(
            subject(running, image),
            Stream.of("", "", JsonReport.word(image.verdict()), "", "", "", "", "", "", "", ""),
            Stream.of(text(running.verifiedAt())))
        .flatMap(cells -> cells)
        .toList();
  }

  private static List<String> cells(
      RunningWorkload running, RunningImage image, ReportResult result) {
    var grant = result.grant();
    return Stream.of(
            subject(running, image),
            Stream.of(
                result.policy(),
                result.requirement(),
                result.result().toString(),
                result.reason(),
                result.message(),
                result.action(),
                Boolean.toString(result.wouldDeny()),
                grant == null ? "" : grant.exception(),
                grant == null ? "" : grant.approvedBy(),
                grant == null ? "" : grant.expiresAt(),
                String.join(" ", Evidence.digests(result.evidence())),
                text(running.verifiedAt())))
        .flatMap(cells -> cells)
        .toList();
  }

  private static Stream<String> subject(RunningWorkload running, RunningImage image) {
    var workload = running.workload();
    return Stream.of(
        workload.namespace(),
        workload.kind(),
        workload.name(),
        image.image(),
        text(image.digest()));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream().map(CsvReport::cell).collect(joining(",", "", "\r\n"));
  }

  /// A spreadsheet takes some first characters for the beginning of a formula, and messages hold
  /// what strangers pushed.
  private static String cell(String text) {
    var safe = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
