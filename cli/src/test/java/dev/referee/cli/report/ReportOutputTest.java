package dev.referee.cli.report;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportOutputTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void tellsAPersonAtATerminalWhatToActOn() {
    var text = ReportOutput.TEXT.render(States.everything());

    assertThat(text)
        .startsWith("https://api.example.com:6443/ at 2026-11-27T12:00:00.250Z\n")
        .contains(
            "7 workloads; images: 2 fails, 1 undecided, 1 warned about, 1 excepted, 1 no finding, 1"
                + " fulfilled\n")
        .contains("\nDeployment shop/checkout  (12 pods, verified 2026-11-27T11:50:00.250Z)\n")
        .contains("  fails         registry.example.com/shop/checkout:7@sha256:bbbb")
        .contains(
            "    ClusterReferrerPolicy/production built-by-ci: UNTRUSTED_KEY: no signature by"
                + " ci-key;")
        .contains("  not listed in its report: pass=44\n")
        .doesNotContain("312 packages");
    assertThat(text.codePoints().filter(c -> c != '\n')).noneMatch(Character::isISOControl);
  }

  @Test
  void tellsAProgramEverything() throws IOException {
    var tree = JSON.readTree(ReportOutput.JSON.render(States.everything()));

    assertThat(tree.path("cluster").asText()).isEqualTo("https://api.example.com:6443/");
    assertThat(tree.path("summary").path("images").path("fail").asInt()).isEqualTo(2);
    assertThat(tree.path("summary").path("images").path("notListed").asInt(-1)).isZero();
    var cart = tree.path("workloads").get(0);
    assertThat(cart.path("kind").asText()).isEqualTo("Deployment");
    assertThat(cart.path("images").get(0).path("verdict").asText()).isEqualTo("pass");
    var sbom = cart.path("images").get(0).path("results").get(1);
    assertThat(sbom.path("requirement").asText()).isEqualTo("sbom");
    assertThat(sbom.path("evidence").get(0).path("evidence").get(0).path("digest").asText())
        .isEqualTo(States.digest('3'));
    assertThat(tree.findValue("approvedBy").asText()).isEqualTo("alice@example.com");
    assertThat(tree.path("workloads").get(6).path("name").asText()).isEqualTo(States.HOSTILE);
  }

  @Test
  void isATableForASpreadsheet() {
    var rows = parse(ReportOutput.CSV.render(States.everything()));

    assertThat(rows).hasSize(10).allSatisfy(row -> assertThat(row).hasSize(17));
    assertThat(rows.getFirst()).startsWith("namespace", "kind", "workload", "image", "digest");
    assertThat(rows.get(1))
        .startsWith("shop", "Deployment", "cart")
        .contains("built-by-ci", "pass", States.digest('1'), "2026-11-27T11:50:00.250Z");
    assertThat(rows.get(8)).startsWith("lab", "Deployment", "postgres").contains("none");
    assertThat(rows.get(9)).contains(States.HOSTILE);
  }

  /// A cell that begins like a formula is one, in a spreadsheet.
  @Test
  void hasNoFormulas() {
    assertThat(parse(ReportOutput.CSV.render(States.everything())).stream().flatMap(List::stream))
        .noneMatch(cell -> cell.startsWith("=") || cell.startsWith("+") || cell.startsWith("@"))
        .anyMatch(cell -> cell.startsWith("'=cmd"));
  }

  /// SARIF 2.1.0, section 3.27: kinds and levels that exist and go together, rules that are there,
  /// locations that are URIs.
  @Test
  void isAFindingForATool() throws IOException {
    var log = JSON.readTree(ReportOutput.SARIF.render(States.everything()));

    assertThat(log.path("version").asText()).isEqualTo("2.1.0");
    assertThat(log.path("runs")).hasSize(1);
    var run = log.path("runs").get(0);
    var rules = run.path("tool").path("driver").path("rules");
    assertThat(run.path("tool").path("driver").path("name").asText()).isEqualTo("referee");
    assertThat(
            StreamSupport.stream(rules.spliterator(), false)
                .map(r -> r.path("id"))
                .collect(toSet()))
        .as("each rule once")
        .hasSize(rules.size());
    assertThat(run.path("results")).hasSize(8);
    for (var result : run.path("results")) {
      assertThat(rules.get(result.path("ruleIndex").asInt()).path("id"))
          .isEqualTo(result.path("ruleId"));
      var kind = result.path("kind").asText();
      assertThat(Set.of("pass", "open", "notApplicable", "fail")).contains(kind);
      assertThat(result.path("level").asText().equals("none")).isEqualTo(!kind.equals("fail"));
      assertThat(result.path("message").path("text").asText()).isNotEmpty();
      var location = result.path("locations").get(0);
      var uri =
          URI.create(
              location.path("physicalLocation").path("artifactLocation").path("uri").asText());
      assertThat(uri.getScheme()).isEqualTo("oci");
      assertThat(location.path("logicalLocations").get(0).path("fullyQualifiedName").asText())
          .isNotEmpty();
      assertThat(result.path("partialFingerprints").path("refereeQuestion/v1").asText())
          .matches("[0-9a-f]{64}");
    }
    assertThat(kinds(run))
        .containsExactly("pass", "pass", "fail", "pass", "open", "notApplicable", "fail", "fail");
  }

  private static List<String> kinds(JsonNode run) {
    return run.path("results").findValuesAsText("kind").stream()
        .filter(kind -> !kind.equals("resource"))
        .toList();
  }

  /// Nothing that a stranger wrote becomes markup, and nothing is loaded from anywhere.
  @Test
  void isAPageThatNeedsNothingAndObeysNobody() throws Exception {
    var page = ReportOutput.HTML.render(States.everything());
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("report.html"), page);

    assertThat(page)
        .contains("&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;")
        .doesNotContain("<script>document.title", "<img", "\u202e", "\u0007", "onerror=alert(1)>")
        .contains("default-src 'none'")
        .contains("sha256:aaaaaaaaaaaa")
        .doesNotContain("unsafe-inline");
    assertThat(count(page, "<script")).isEqualTo(1);
    assertThat(count(page, "<style")).isEqualTo(1);
    assertThat(Pattern.compile("\\s(src|href|action|style|on[a-z]+)=\"").matcher(page).results())
        .isEmpty();
    assertThat(
            page.replace("http://www.w3.org/2000/svg", "")
                .replace("https://api.example.com:6443/", ""))
        .doesNotContain("http:", "https:", "url(", "@import");
    assertThat(count(page, "<details class=\"image\"")).isEqualTo(7);
    assertThat(count(page, "<svg xmlns")).isEqualTo(6);
    assertThat(page).contains("and 3 more");
  }

  /// Every drawing is a document of its own, whatever it shows.
  @Test
  void drawsWellFormedGraphs() throws Exception {
    for (var workload : States.everything().workloads()) {
      var svg = EvidenceGraph.of(workload.images().getFirst());

      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)));

      assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(document.getElementsByTagName("path").getLength())
          .as("a tree has one edge less than it has nodes")
          .isEqualTo(document.getElementsByTagName("rect").getLength() - 1);
    }
  }

  @Test
  void saysWhenThereIsNothing() {
    for (var output : ReportOutput.values()) {
      assertThat(output.render(States.empty())).endsWith("\n");
    }
    assertThat(ReportOutput.TEXT.render(States.empty()))
        .contains("namespace shop", "0 workloads\n");
    assertThat(ReportOutput.HTML.render(States.empty()))
        .contains("neither OpenReports nor PolicyReport")
        .contains("<p class=\"empty\" id=\"nothing\">");
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }

  /// RFC 4180.
  private static List<List<String>> parse(String csv) {
    var rows = new ArrayList<List<String>>();
    var row = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted) {
        if (c != '"') {
          cell.append(c);
        } else if (i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          cell.append('"');
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',' || c == '\r') {
        row.add(cell.toString());
        cell.setLength(0);
      } else if (c == '\n') {
        rows.add(List.copyOf(row));
        row.clear();
      } else {
        cell.append(c);
      }
    }
    assertThat(row).isEmpty();
    return rows;
  }
}
