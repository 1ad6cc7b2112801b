package dev.referee.operator.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.operator.audit.ReportResult.ReportGrant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadReportTest {
  private static final Workload CART =
      new Workload("apps/v1", "Deployment", "shop", "cart", "5b8e");
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00.5Z");

  @ParameterizedTest
  @EnumSource
  void isReadAsItWasWritten(ReportFormat format) {
    var report =
        WorkloadReport.of(
            CART,
            List.of(
                result("a", Result.FAIL),
                excepted(),
                result("b", Result.PASS),
                result("c", Result.ERROR)),
            NOW,
            "judged");

    var tree = ReportTree.write(report, format);

    assertThat(ReportTree.read(tree)).contains(report);
    assertThat(ReportTree.read(tree).orElseThrow().contentHash()).isEqualTo(report.contentHash());
  }

  @Test
  void belongsToItsWorkload() {
    var tree = tree(List.of(result("a", Result.PASS)));

    assertThat(tree.path("metadata").path("name").asText()).isEqualTo("referee-5b8e");
    assertThat(tree.path("metadata").path("namespace").asText()).isEqualTo("shop");
    assertThat(tree.path("metadata").path("ownerReferences"))
        .hasToString(
            "[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"cart\",\"uid\":\"5b8e\"}]");
    assertThat(tree.path("scope").path("uid").asText()).isEqualTo("5b8e");
    assertThat(tree.path("source").asText()).isEqualTo("referee");
  }

  /// Failures stand first whatever their names; what does not fit is counted.
  @Test
  void cutsWhatIsFineFirstAndSaysHowMuch() {
    var found = new ArrayList<ReportResult>();
    IntStream.range(0, 140).forEach(i -> found.add(result("a" + i, Result.PASS)));
    IntStream.range(0, 3).forEach(i -> found.add(result("z" + i, Result.FAIL)));
    found.add(result("z", Result.ERROR));
    Collections.shuffle(found, new Random(1));

    var report = WorkloadReport.of(CART, found, NOW, "judged");

    assertThat(report.results()).hasSize(100);
    assertThat(report.results().subList(0, 4))
        .extracting(ReportResult::result)
        .containsExactly(Result.FAIL, Result.FAIL, Result.FAIL, Result.ERROR);
    assertThat(report.summary()).hasToString("fail=3,error=1,pass=140");
    assertThat(report.notListed()).hasToString("pass=44");
    var tree = ReportTree.write(report, ReportFormat.OPEN_REPORTS);
    assertThat(tree.path("summary").path("pass").asInt()).isEqualTo(140);
    assertThat(tree.path("metadata").path("annotations").path(ReportTree.NOT_LISTED).asText())
        .isEqualTo("pass=44");
    assertThat(ReportTree.read(tree)).contains(report);
  }

  /// trivy-operator#441: a report that etcd refuses is none.
  @Test
  void neverOutgrowsTheApiServer() {
    var leaf =
        new Evidence(
            "sha256:" + "f".repeat(64),
            endless(),
            endless(),
            "REJECTED",
            "R",
            endless(),
            List.of());
    var trees = Collections.nCopies(50, leaf);
    var found =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    new ReportResult(
                        "registry.example.com/" + "x".repeat(440) + i,
                        null,
                        "ClusterReferrerPolicy/p",
                        "signed",
                        Result.FAIL,
                        "UNSIGNED",
                        endless(),
                        "Enforce",
                        true,
                        null,
                        trees,
                        50))
            .toList();

    var report = WorkloadReport.of(CART, found, NOW, "judged");

    var bytes = ReportTree.write(report, ReportFormat.OPEN_REPORTS).toString().getBytes(UTF_8);
    assertThat(bytes.length).isLessThan(1 << 20);
    assertThat(report.results()).isNotEmpty();
    assertThat(report.summary().of(Result.FAIL)).isEqualTo(1000);
    assertThat(report.notListed().total() + report.results().size()).isEqualTo(1000);
  }

  /// The length of a message that anybody may push is no limit of ours.
  private static String endless() {
    return "\u20ac".repeat(5000);
  }

  @Test
  void contentIsWhatIsSaidAndNotWhen() {
    var results = List.of(result("a", Result.PASS));

    assertThat(WorkloadReport.of(CART, results, NOW, "x").contentHash())
        .isEqualTo(WorkloadReport.of(CART, results, NOW.plusSeconds(9), "y").contentHash())
        .isNotEqualTo(
            WorkloadReport.of(CART, List.of(result("a", Result.FAIL)), NOW, "x").contentHash());
  }

  @Test
  void doesNotTakeOthersForItsOwn() {
    var other = tree(List.of(result("a", Result.PASS)));
    ((ObjectNode) other.path("metadata").path("labels")).put(ReportTree.MANAGED_BY, "kyverno");
    assertThat(ReportTree.read(other)).isEmpty();

    var broken = tree(List.of(result("a", Result.PASS)));
    ((ObjectNode) broken.path("metadata").path("annotations"))
        .put(ReportTree.VERIFIED_AT, "yesterday");
    assertThat(ReportTree.read(broken)).isEmpty();
  }

  /// Whoever may edit reports must not make the audit stumble, or believe that all is well.
  @Test
  void readsWhatSomebodyWroteIntoAReport() {
    var tree = tree(List.of(result("a", Result.FAIL)));
    var result = (ObjectNode) tree.path("results").get(0);
    result.put("result", "fine");
    ((ObjectNode) result.path("properties")).put("evidence", "[{").put("evidenceCount", "-1");

    var read = ReportTree.read(tree).orElseThrow();

    assertThat(read.results().getFirst().result()).isEqualTo(Result.ERROR);
    assertThat(read.results().getFirst().evidence()).isEmpty();
    assertThat(read.results().getFirst().evidenceCount()).isZero();
  }

  private static ObjectNode tree(List<ReportResult> results) {
    return ReportTree.write(
        WorkloadReport.of(CART, results, NOW, "judged"), ReportFormat.OPEN_REPORTS);
  }

  private static ReportResult result(String image, Result result) {
    var digest = "sha256:" + "a".repeat(64);
    var child =
        new Evidence(digest, "signature", "DSSE", "REJECTED", "UNTRUSTED_KEY", "who?", List.of());
    var tree =
        new Evidence(null, "cosign bundle", "referrers API", "PROVEN", null, "ok", List.of(child));
    boolean fails = result == Result.FAIL;
    return new ReportResult(
        image + "@" + digest,
        digest,
        "ClusterReferrerPolicy/production",
        "signed",
        result,
        fails ? "UNSIGNED" : "",
        "a sentence",
        "Enforce",
        fails,
        null,
        List.of(tree),
        2);
  }

  private static ReportResult excepted() {
    return new ReportResult(
        "old:1",
        null,
        "ReferrerPolicy/shop/p",
        "sbom",
        Result.SKIP,
        "",
        "excepted",
        "Audit",
        false,
        new ReportGrant("legacy", "alice", "2026-12-01T00:00:00Z"),
        List.of(),
        0);
  }
}
