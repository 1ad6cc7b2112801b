package dev.referee.cli.report;

import static dev.referee.cli.report.Html.escape;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.ReportResult;
import dev.referee.operator.audit.Result;
import dev.referee.operator.audit.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// For people who would rather look: one page that needs nothing else, and may load nothing else.
/// Its content security policy allows exactly the style and the script that are ours; without the
/// script it can still be read.
final class HtmlReport {
  /// From the worst to the best, which is how they are sorted.
  private static final List<Verdict> VERDICTS = List.of(Verdict.values());

  private static final String STYLE = resource("report.css");
  private static final String SCRIPT = resource("report.js");

  private final StringBuilder page = new StringBuilder();
  private int position;

  private HtmlReport() {}

  static String of(ClusterState state) {
    var report = new HtmlReport();
    report.head(state);
    report.counts(state);
    report.tools(state);
    state.workloads().stream()
        .flatMap(running -> running.images().stream().map(image -> new Row(running, image)))
        .sorted(Comparator.comparing((Row row) -> row.image().verdict()))
        .forEach(report::row);
    report.foot(state);
    return report.page.toString();
  }

  private record Row(RunningWorkload running, RunningImage image) {}

  private void head(ClusterState state) {
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Referee: %s</title>
        <style>%s</style>
        </head>
        <body>
        <header>
        <h1>What runs, and what speaks for it</h1>
        <p class="about">%3$s%s, %s</p>
        """
            .formatted(
                hash(STYLE),
                hash(SCRIPT),
                escape(state.cluster()),
                STYLE,
                state.namespace() == null ? "" : ", namespace " + escape(state.namespace()),
                time(state.at())));
  }

  private void counts(ClusterState state) {
    page.append("<ul class=\"counts\">\n");
    count("workloads", state.workloads().size());
    count("images", Arrays.stream(Verdict.values()).mapToLong(state::count).sum());
    for (var verdict : Verdict.values()) {
      if (state.count(verdict) > 0) {
        count(verdict.words(), state.count(verdict));
      }
    }
    page.append("</ul>\n</header>\n<main>\n");
  }

  private void count(String what, long count) {
    page.append("<li><b>%d</b><span>%s</span></li>\n".formatted(count, what));
  }

  private void tools(ClusterState state) {
    page.append(
        """
        <div class="tools" hidden>
        <input type="search" id="query" placeholder="Workload, image, digest, policy, reason" aria-label="Filter">
        <select id="namespace" aria-label="Namespace"><option value="">All namespaces</option>%s</select>
        """
            .formatted(
                state.workloads().stream()
                    .map(running -> running.workload().namespace())
                    .distinct()
                    .map(name -> "<option>%s</option>".formatted(escape(name)))
                    .collect(joining())));
    for (var verdict : Verdict.values()) {
      if (state.count(verdict) > 0) {
        page.append(
            "<label><input type=\"checkbox\" value=\"%s\" checked>%s</label>\n"
                .formatted(JsonReport.word(verdict), verdict.words()));
      }
    }
    page.append(
        """
        <span id="shown" role="status"></span>
        </div>
        <div class="heads grid">
        <button type="button" data-key="rank" aria-sort="ascending">Verdict</button>
        <button type="button" data-key="workload">Workload</button>
        <button type="button" data-key="image">Image</button>
        <button type="button" data-key="finding">Finding</button>
        <button type="button" data-key="verified">Verified</button>
        </div>
        <div id="images">
        """);
  }

  private void row(Row row) {
    var image = row.image();
    var workload = row.running().workload();
    var finding = finding(image);
    var verified = time(row.running().verifiedAt());
    page.append(
        """
        <details class="image" data-position="%d" data-rank="%d" data-verdict="%s" data-namespace="%s" data-workload="%s" data-image="%s" data-finding="%s" data-verified="%s" data-text="%s">
        <summary class="grid">
        <span><span class="tag %3$s">%s</span></span>
        <span><b>%s</b><br><span class="kind">%s in %4$s</span></span>
        <span>%s<br><span class="digest" title="%s">%s</span></span>
        <span>%7$s</span>
        <span class="when">%8$s</span>
        </summary>
        <div class="more">
        """
            .formatted(
                position++,
                VERDICTS.indexOf(image.verdict()),
                JsonReport.word(image.verdict()),
                escape(workload.namespace()),
                escape(workload.namespace() + "/" + workload.name()),
                escape(image.image()),
                escape(finding),
                escape(verified),
                escape(text(row)),
                image.verdict().words(),
                escape(workload.name()),
                escape(workload.kind()),
                escape(withoutDigest(image)),
                escape(Objects.requireNonNullElse(image.digest(), "")),
                escape(shortened(image.digest()))));
    details(row);
    page.append("</div>\n</details>\n");
  }

  private void details(Row row) {
    var image = row.image();
    page.append(
        "<p class=\"full\"><code>%s</code></p>\n"
            .formatted(
                escape(
                    image.digest() == null || image.image().endsWith(image.digest())
                        ? image.image()
                        : image.image() + ", running " + image.digest())));
    if (image.results().isEmpty()) {
      page.append("<p>%s</p>\n".formatted(nothing(row)));
      return;
    }
    page.append(
        """
        <h2>Requirements</h2>
        <div class="scroll"><table><tr><th>Requirement</th><th>Policy</th><th>Result</th><th>Finding</th></tr>
        """);
    image.results().forEach(this::result);
    page.append("</table></div>\n<h2>Evidence</h2>\n<div class=\"scroll\">\n");
    page.append(EvidenceGraph.of(image)).append("</div>\n");
    if (row.running().notListed().total() > 0) {
      page.append(
          "<p class=\"when\">The report of this workload also counts %s, which it has no room to list.</p>\n"
              .formatted(escape(row.running().notListed().toString())));
    }
  }

  private void result(ReportResult result) {
    page.append(
        "<tr><td>%s</td><td>%s<br><span class=\"kind\">%s</span></td><td><span class=\"tag %s\">%s</span></td><td>%s%s</td></tr>\n"
            .formatted(
                escape(result.requirement()),
                escape(result.policy()),
                escape(result.action()),
                result.result(),
                words(result.result()),
                result.reason().isEmpty()
                    ? ""
                    : "<code>%s</code> ".formatted(escape(result.reason())),
                escape(result.message())));
  }

  private static String words(Result result) {
    return Verdict.valueOf(result.name()).words();
  }

  private static String nothing(Row row) {
    return row.image().verdict() == Verdict.NOT_LISTED
        ? "The report of this workload has no room for what was found about this image."
        : "No policy is about this image, or it was not verified yet.";
  }

  private static String finding(RunningImage image) {
    return image.results().stream()
        .filter(result -> result.result() != Result.PASS)
        .map(
            result ->
                result.requirement()
                    + ": "
                    + (result.reason().isEmpty() ? words(result.result()) : result.reason()))
        .distinct()
        .limit(4)
        .collect(joining(", "));
  }

  /// What the filter looks for.
  private static String text(Row row) {
    var parts = new ArrayList<String>();
    parts.add(row.running().workload().describe());
    parts.add(row.image().image());
    parts.add(Objects.requireNonNullElse(row.image().digest(), ""));
    for (var result : row.image().results()) {
      parts.add(result.policy());
      parts.add(result.requirement());
      parts.add(result.reason());
    }
    return parts.stream().distinct().collect(joining(" ")).toLowerCase(Locale.ROOT);
  }

  private static String shortened(@Nullable String digest) {
    if (digest == null) {
      return "digest not known";
    }
    int end = digest.indexOf(':') + 13;
    return digest.length() > end ? digest.substring(0, end) + "..." : digest;
  }

  private static String withoutDigest(RunningImage image) {
    int at = image.image().indexOf('@');
    return at < 0 ? image.image() : image.image().substring(0, at);
  }

  private void foot(ClusterState state) {
    page.append(
        """
        <p class="empty" id="nothing"%s>Nothing to show.</p>
        </div>
        <footer>%s</footer>
        </main>
        <script>%s</script>
        </body>
        </html>
        """
            .formatted(
                position == 0 ? "" : " hidden",
                state.reports().isEmpty()
                    ? "The cluster has neither OpenReports nor PolicyReport, so that nothing is"
                        + " known of what runs."
                    : "By the reports of the audit (%s). A message is what was found then; the digest is what runs."
                        .formatted(escape(state.reports())),
                SCRIPT));
  }

  private static String time(@Nullable Instant instant) {
    return instant == null
        ? ""
        : instant.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  private static String resource(String name) {
    try (var stream =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), "no resource")) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
