package dev.referee.cli.report;

import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.Evidence;
import dev.referee.operator.audit.ReportResult;
import dev.referee.operator.audit.ReportResult.ReportGrant;
import dev.referee.operator.audit.Result;
import dev.referee.operator.audit.Tally;
import dev.referee.operator.audit.Verdict;
import dev.referee.operator.audit.Workload;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cluster in which everything occurs that a report may have to say.
final class States {
  static final Instant AT = Instant.parse("2026-11-27T12:00:00.25Z");

  /// What somebody may call an image or push as a message, to see what becomes of it.
  static final String HOSTILE =
      "\"><script>document.title='owned'</script><img src=x"
          + " onerror=alert(1)>'`${7*7}\u202e\u0007]]>&";

  private States() {}

  static ClusterState everything() {
    return new ClusterState(
        "https://api.example.com:6443/",
        null,
        AT,
        "openreports.io/v1alpha1",
        List.of(
            workload(
                "shop",
                "Deployment",
                "cart",
                3,
                image(
                    "shop/cart:1.4",
                    'a',
                    Verdict.PASS,
                    result(Result.PASS, "built-by-ci", "", "signed by ci-key", bundle('1')),
                    result(
                        Result.PASS,
                        "sbom",
                        "",
                        "SPDX 2.3, signed by ci-key, 312 packages",
                        with(node('2', "SPDX 2.3", "PROVEN", null, "312 packages"), bundle('3'))))),
            workload(
                "shop",
                "Deployment",
                "checkout",
                12,
                image(
                    "shop/checkout:7",
                    'b',
                    Verdict.FAIL,
                    result(
                        Result.FAIL,
                        "built-by-ci",
                        "UNTRUSTED_KEY",
                        "no signature by ci-key; looked at 2 referrers",
                        node(
                            '4',
                            "cosign bundle",
                            "REJECTED",
                            "UNTRUSTED_KEY",
                            "signed by a key that the policy does not name")),
                    result(
                        Result.PASS,
                        "sbom",
                        "",
                        "SPDX 2.3, signed by ci-key, 98 packages",
                        with(node('5', "SPDX 2.3", "PROVEN", null, "98 packages"), bundle('6'))))),
            workload(
                "shop",
                "StatefulSet",
                "mail",
                1,
                image(
                    "shop/mail:2",
                    'c',
                    Verdict.ERROR,
                    result(
                        Result.ERROR,
                        "built-by-ci",
                        "REGISTRY_UNREACHABLE",
                        "the registry did not answer",
                        node(
                            '7',
                            "referrers",
                            "UNREAD",
                            "REGISTRY_UNREACHABLE",
                            "connection refused")))),
            workload(
                "legacy",
                "CronJob",
                "invoices",
                1,
                image("legacy/invoices:0.9", 'd', Verdict.SKIP, excepted())),
            workload(
                "lab",
                "Deployment",
                "trial",
                1,
                image(
                    "lab/trial:dev",
                    'e',
                    Verdict.WARN,
                    result(
                        Result.WARN,
                        "built-by-ci",
                        "UNSIGNED",
                        "no signature by ci-key; looked at 0 referrers"))),
            workload(
                "lab",
                "Deployment",
                "postgres",
                1,
                image("library/postgres:18", 'f', Verdict.NONE)),
            workload(
                HOSTILE,
                HOSTILE,
                HOSTILE,
                1,
                new RunningImage(HOSTILE, null, Verdict.FAIL, List.of(hostile())))));
  }

  static ClusterState empty() {
    return new ClusterState("https://api.example.com/", "shop", AT, "", List.of());
  }

  private static RunningWorkload workload(
      String namespace, String kind, String name, int pods, RunningImage image) {
    boolean cut = name.equals("checkout");
    return new RunningWorkload(
        new Workload("apps/v1", kind, namespace, name, "uid-of-" + name),
        pods,
        image.results().isEmpty() ? null : AT.minusSeconds(600),
        new Tally(cut ? Map.of(Result.PASS, 44) : Map.of()),
        List.of(image));
  }

  private static RunningImage image(
      String name, char digest, Verdict verdict, ReportResult... results) {
    var reference = "registry.example.com/%s@%s".formatted(name, digest(digest));
    return new RunningImage(
        reference,
        digest(digest),
        verdict,
        Arrays.stream(results).map(result -> about(reference, digest(digest), result)).toList());
  }

  private static ReportResult about(String image, String digest, ReportResult r) {
    return new ReportResult(
        image,
        digest,
        r.policy(),
        r.requirement(),
        r.result(),
        r.reason(),
        r.message(),
        r.action(),
        r.wouldDeny(),
        r.grant(),
        r.evidence(),
        r.evidenceCount());
  }

  private static ReportResult result(
      Result result, String requirement, String reason, String message, Evidence... evidence) {
    return new ReportResult(
        "",
        null,
        "ClusterReferrerPolicy/production",
        requirement,
        result,
        reason,
        message,
        result == Result.WARN ? "Warn" : "Enforce",
        result == Result.FAIL,
        null,
        List.of(evidence),
        result == Result.FAIL ? evidence.length + 3 : evidence.length);
  }

  private static ReportResult excepted() {
    return new ReportResult(
        "",
        null,
        "ClusterReferrerPolicy/production",
        "built-by-ci",
        Result.SKIP,
        "",
        "excepted by ClusterPolicyException/legacy until 2026-12-31T00:00:00Z: on its way out"
            + " (approved by alice@example.com)",
        "Enforce",
        false,
        new ReportGrant("legacy", "alice@example.com", "2026-12-31T00:00:00Z"),
        List.of(),
        0);
  }

  private static ReportResult hostile() {
    return new ReportResult(
        HOSTILE,
        null,
        HOSTILE,
        HOSTILE,
        Result.FAIL,
        HOSTILE,
        "=cmd|' /C calc'!A0" + HOSTILE,
        HOSTILE,
        true,
        null,
        List.of(new Evidence(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, List.of())),
        1);
  }

  private static Evidence bundle(char digest) {
    return node(digest, "cosign bundle", "PROVEN", null, "signed by ci-key");
  }

  private static Evidence with(Evidence node, Evidence child) {
    return new Evidence(
        node.digest(),
        node.what(),
        node.where(),
        node.status(),
        node.reason(),
        node.message(),
        List.of(child));
  }

  private static Evidence node(
      char digest, String what, String status, @Nullable String reason, String message) {
    return new Evidence(
        digest(digest), what, "the referrers API", status, reason, message, List.of());
  }

  static String digest(char digit) {
    return "sha256:" + String.valueOf(digit).repeat(64);
  }
}
